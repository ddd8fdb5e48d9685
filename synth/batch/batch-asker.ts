import { sha256 } from '../../core/hash.ts';
import type { Answer } from '../../core/llm/answer.ts';
import { type Asker, WaitingError } from '../../core/llm/asker.ts';
import type { NamedEndpoint } from '../../core/llm/endpoint.ts';
import { RequestFailedError, StoppedError } from '../../core/llm/engine.ts';
import type { Failure } from '../../core/llm/failure.ts';
import type { JournalReader } from '../../core/llm/journal.ts';
import { recallAnswer } from '../../core/llm/recall.ts';
import { type ModelRequest, requestBody, requestKey } from '../../core/llm/request.ts';
import { highestCost } from '../../core/llm/request-cost.ts';
import type { OpenRun } from '../../core/run/run-folder.ts';
import type { Gatherer } from './gatherer.ts';

/** How many passages are taken through their known answers at a time; what they wait for is the disk. */
const AT_A_TIME = 64;

/** A line that failed in this many batches is given up. */
const TRIES = 4;

/**
 * Answers what the journals know, and gathers everything else: then the passage waits (WaitingError) for the round's
 * batches.
 */
export class BatchAsker implements Asker {
  readonly backingOff = 0;
  readonly #run: OpenRun;
  readonly #others: readonly JournalReader[];
  readonly #failures = new Map<string, { failure: Failure; tries: number }>();
  readonly #priced: (endpoint: NamedEndpoint) => NamedEndpoint;
  #own: JournalReader | null = null;
  #gatherer: Gatherer | undefined;
  #stopReason: string | undefined;
  /** Of each endpoint, how many requests are in batches under way. */
  readonly underWay = new Map<string, number>();

  /** @param priced an endpoint with the prices that hold in a batch */
  constructor(
    run: OpenRun,
    others: readonly JournalReader[],
    priced: (endpoint: NamedEndpoint) => NamedEndpoint,
  ) {
    this.#run = run;
    this.#others = others;
    this.#priced = priced;
  }

  /** Gathers into another place from now on. @param known what the journal holds by now */
  beginRound(known: JournalReader, gatherer: Gatherer): void {
    this.#own = known;
    this.#gatherer = gatherer;
  }

  /** Notes why a line got no answer: it is sent again, or not. */
  failed(key: string, failure: Failure): void {
    const tries = (this.#failures.get(key)?.tries ?? 0) + 1;
    this.#failures.set(key, { failure, tries });
  }

  /** @throws WaitingError where the answer is to come; RequestFailedError where it will not; StoppedError */
  async ask(request: ModelRequest): Promise<Answer> {
    const key = requestKey(request);
    const { journal, ledger } = this.#run;
    const places = { journal, ledger, own: this.#own, others: this.#others };
    const known = await recallAnswer(request, key, places);
    if (known !== undefined) return known;
    const failed = this.#failures.get(key);
    if (failed !== undefined && isFinal(failed)) throw new RequestFailedError(failed.failure, null);
    if (this.#stopReason !== undefined) throw new StoppedError(this.#stopReason);
    if (this.#gatherer === undefined) throw new Error('no round was begun');
    await this.#gather(request, key, this.#gatherer);
    throw new WaitingError(`${request.stage} of passage ${request.passage} waits for a batch`);
  }

  async #gather(request: ModelRequest, key: string, gatherer: Gatherer): Promise<void> {
    const passage = sha256(request.passage);
    const endpoint = this.#priced(request.endpoint);
    const usd = highestCost({ ...request, endpoint }, requestBody(request));
    // What is in a batch already costs nothing more.
    if (gatherer.has(key) || usd <= leftOf(this.#run.budget))
      return gatherer.add(request, key, passage, usd);
    // Most of what was set aside for batches under way comes back with their answers.
    if (!gatherer.hasUnderWay) throw new StoppedError('the budget is spent');
    gatherer.postpone(passage);
  }

  /** Whether the endpoint ever answered the stage in this run: then a refusal is about the request. */
  hasAnswered(endpoint: NamedEndpoint, stage: string): boolean {
    return this.#run.ledger
      .entries()
      .some(
        (one) => one.stage === stage && one.endpoint === endpoint.name && one.bill.requests > 0,
      );
  }

  load(endpoint: NamedEndpoint): { limit: number; inFlight: number; waiting: number } {
    const inFlight = this.underWay.get(endpoint.name) ?? 0;
    return { limit: AT_A_TIME, inFlight, waiting: 0 };
  }

  stop(reason: string): void {
    this.#stopReason ??= reason;
  }

  abort(reason: string): void {
    this.stop(reason);
  }
}

const isFinal = ({ failure, tries }: { failure: Failure; tries: number }): boolean =>
  tries >= TRIES || failure.kind === 'refused' || failure.kind === 'forbidden';

/** What a budget has left, in USD; without a limit there is always enough. */
export function leftOf({ limitUsd, spentUsd }: OpenRun['budget']): number {
  return limitUsd === null ? Number.POSITIVE_INFINITY : limitUsd - spentUsd;
}
