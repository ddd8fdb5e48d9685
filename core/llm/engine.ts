import { setMaxListeners } from 'node:events';
import { UsageError } from '../errors.ts';
import { type Answer, answerOf } from './answer.ts';
import { keyPlaceOf } from './api-key.ts';
import { backOff } from './backoff.ts';
import type { Budget } from './budget.ts';
import { ChatClient, type ChatResponse } from './chat-client.ts';
import { type NamedEndpoint, urlsOf } from './endpoint.ts';
import { classifyFailure, type Failure } from './failure.ts';
import type { JournalReader, JournalWriter } from './journal.ts';
import { costOf, type Ledger } from './ledger.ts';
import { recallAnswer } from './recall.ts';
import { type Place, Replicas } from './replicas.ts';
import { type ModelRequest, requestBody, requestKey } from './request.ts';
import { highestCost, usageOf } from './request-cost.ts';

/** A request that found no answer: refused by the server, or not answered whole in several tries. */
export class RequestFailedError extends Error {
  override readonly name = 'RequestFailedError';
  readonly failure: Failure;

  constructor(failure: Failure, cause: unknown) {
    super(failure.reason, { cause });
    this.failure = failure;
  }
}

/** The engine takes no more requests: target reached, budget spent, interrupted. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

export interface EngineOptions {
  journal: JournalWriter;
  /** Where answers are looked up first: this run's own earlier answers, then other runs'. */
  own: JournalReader | null;
  others: JournalReader[];
  ledger: Ledger;
  budget: Budget;
  onFailure?: (request: ModelRequest, failure: Failure, tries: number) => void;
}

interface Connection {
  client: ChatClient;
  replicas: Replicas;
  /** A server that answered a stage once takes its settings. */
  answeredStages: Set<string>;
}

const TRANSPORT_TRIES = 6;
const THROTTLE_TRIES = 200;
const FIRST_CONTACT_TRIES = 4;

/**
 * Asks models: looks into the journals first, waits for a place, sends, retries what can be retried, writes the
 * answer to the journal before anyone sees it, and keeps the bill (design: Engine properties).
 */
export class Engine {
  readonly #options: EngineOptions;
  readonly #connections = new Map<string, Connection>();
  readonly #stop = new AbortController();
  readonly #inFlight = new Set<AbortController>();
  #backingOff = 0;

  constructor(options: EngineOptions) {
    this.#options = options;
    setMaxListeners(0, this.#stop.signal);
  }

  /** No request is sent from now on; those in flight are awaited and kept. */
  stop(reason: string): void {
    this.#stop.abort(new StoppedError(reason));
  }

  /** Ends the requests in flight too; what they were asked may be billed without an answer. */
  abort(reason: string): void {
    this.stop(reason);
    for (const request of this.#inFlight) request.abort(new StoppedError(reason));
  }

  /** How many requests wait to be sent again. */
  get backingOff(): number {
    return this.#backingOff;
  }

  /** Whether the endpoint ever answered a stage in this session: then a refusal is about the request, not the settings. */
  hasAnswered(endpoint: NamedEndpoint, stage: string): boolean {
    return this.#connect(endpoint).answeredStages.has(stage);
  }

  /** How many requests the endpoint's servers take at present, are answering, and how many wait for a place. */
  load(endpoint: NamedEndpoint): { limit: number; inFlight: number; waiting: number } {
    const { limit, inFlight, waiting } = this.#connect(endpoint).replicas;
    return { limit, inFlight, waiting };
  }

  /**
   * @param priority requests of a greater number go first
   * @throws RequestFailedError, StoppedError, and UsageError where no request to this endpoint can succeed
   */
  async ask(request: ModelRequest, priority: number): Promise<Answer> {
    const key = requestKey(request);
    const known = await recallAnswer(request, key, this.#options);
    return known ?? this.#send(request, key, priority);
  }

  async #send(request: ModelRequest, key: string, priority: number): Promise<Answer> {
    const connection = this.#connect(request.endpoint);
    const body = requestBody(request);
    const reservedUsd = highestCost(request, body);
    for (let tries = 1; ; tries += 1) {
      const outcome = await this.#try(request, key, body, connection, priority, reservedUsd, tries);
      if ('answer' in outcome) return outcome.answer;
      const { failure, error } = outcome;
      this.#options.onFailure?.(request, failure, tries);
      if (isHopeless(failure, connection, tries))
        throw hopelessError(request.endpoint, failure, error);
      if (
        failure.kind === 'refused' ||
        failure.kind === 'forbidden' ||
        tries >= triesAllowed(failure)
      )
        throw new RequestFailedError(failure, error);
      await this.#backOff(failure, tries);
    }
  }

  async #backOff(failure: Failure, tries: number): Promise<void> {
    this.#backingOff += 1;
    try {
      await backOff(failure, tries, this.#stop.signal);
    } finally {
      this.#backingOff -= 1;
    }
  }

  async #try(
    request: ModelRequest,
    key: string,
    body: Record<string, unknown>,
    connection: Connection,
    priority: number,
    reservedUsd: number,
    tries: number,
  ): Promise<{ answer: Answer } | { failure: Failure; error: unknown }> {
    const { journal } = this.#options;
    const place = await connection.replicas.place(priority, this.#stop.signal);
    if (!(await this.#reserve(reservedUsd, place))) {
      this.stop('the budget is spent');
      throw this.#stop.signal.reason;
    }
    if (reservedUsd > 0) await journal.sent(key, reservedUsd);
    const own = this.#newSignal();
    const start = performance.now();
    try {
      const response = await connection.client.complete(place.url, body, own.signal);
      const seconds = Math.round(performance.now() - start) / 1000;
      const answer = await this.#keep(request, key, response, seconds, reservedUsd);
      connection.answeredStages.add(request.stage);
      // Only now: a place that is free again means that its answer is safe.
      place.answered();
      return { answer };
    } catch (error) {
      if (error instanceof JournalError) {
        place.released();
        throw error.cause;
      }
      const failure = classifyFailure(error);
      // Before the place goes to the next request, which could do no better.
      if (isHopeless(failure, connection, tries))
        this.stop(hopelessError(request.endpoint, failure, error).message);
      if (own.signal.aborted) place.released();
      else place.failed(failure);
      const billed = failure.maybeBilled || own.signal.aborted;
      await this.#lose(key, billed ? reservedUsd : 0, reservedUsd);
      own.signal.throwIfAborted();
      return { failure, error };
    } finally {
      this.#inFlight.delete(own);
    }
  }

  async #reserve(usd: number, place: Place): Promise<boolean> {
    try {
      const reserved = await this.#options.budget.reserve(usd, this.#stop.signal);
      if (!reserved) place.released();
      return reserved;
    } catch (error) {
      place.released();
      throw error;
    }
  }

  /** Each request has its own, so that nothing of it stays on one that lives as long as the run. */
  #newSignal(): AbortController {
    const own = new AbortController();
    this.#inFlight.add(own);
    return own;
  }

  async #keep(
    request: ModelRequest,
    key: string,
    response: ChatResponse,
    seconds: number,
    reservedUsd: number,
  ): Promise<Answer> {
    const usage = usageOf(response.completion, request);
    const costUsd = costOf(usage, request.endpoint.prices);
    this.#options.budget.settle(reservedUsd, costUsd);
    this.#options.ledger.paid(request.stage, request.endpoint.name, usage, costUsd, seconds);
    await this.#options.journal
      .append({ request, key, usage, costUsd, seconds, reused: false, response })
      .catch((cause: unknown) =>
        Promise.reject(new JournalError('the journal cannot be written', { cause })),
      );
    return answerOf(key, response.completion, usage, costUsd, seconds, false);
  }

  async #lose(key: string, spentUsd: number, reservedUsd: number): Promise<void> {
    this.#options.budget.settle(reservedUsd, spentUsd);
    if (reservedUsd > 0) await this.#options.journal.lost(key, spentUsd);
  }

  #connect(endpoint: NamedEndpoint): Connection {
    const known = this.#connections.get(endpoint.name);
    if (known !== undefined) return known;
    const connection = {
      client: new ChatClient(endpoint),
      replicas: new Replicas(endpoint),
      answeredStages: new Set<string>(),
    };
    this.#connections.set(endpoint.name, connection);
    return connection;
  }
}

/** Tells a failure of our own disk from one of the server's. */
class JournalError extends Error {}

/** A server that never answered and cannot be reached is more likely mistyped or not started than about to come. */
function isHopeless(failure: Failure, connection: Connection, tries: number): boolean {
  if (failure.kind === 'fatal') return true;
  // One passage that a filter in front of the server forbids says nothing about the others.
  const answered = connection.answeredStages.size > 0;
  if (failure.kind === 'forbidden') return !answered;
  return (
    failure.unreachable &&
    !answered &&
    tries >= FIRST_CONTACT_TRIES &&
    connection.replicas.allUnreachable
  );
}

function hopelessError(endpoint: NamedEndpoint, failure: Failure, cause: unknown): UsageError {
  const advice = failure.unreachable
    ? 'is the server up, and the base_url right?'
    : `check model, base_url${keyPlaceOf(endpoint)}.`;
  return new UsageError(
    `endpoint ${endpoint.name} (${endpoint.model} at ${urlsOf(endpoint).join(', ')}): ${failure.reason}; ${advice} \`gem-traj doctor\` shows more.`,
    { cause },
  );
}

function triesAllowed(failure: Failure): number {
  return failure.kind === 'throttled' ? THROTTLE_TRIES : TRANSPORT_TRIES;
}
