import { UsageError } from '../core/errors.ts';
import { WaitingError } from '../core/llm/asker.ts';
import { RequestFailedError, StoppedError } from '../core/llm/engine.ts';
import type { CommitLog, PassageEnd } from '../core/run/commit-log.ts';

/** A passage, or what stands for one: its end is kept under its id. */
export interface WorkUnit {
  id: string;
}

/** Where ends are kept. */
export type WorkLog = Pick<CommitLog, 'isDone' | 'commit' | 'targetReached'> &
  Partial<Pick<CommitLog, 'wanted' | 'look'>>;

export interface CorpusJob<Unit extends WorkUnit> {
  passages: AsyncIterable<Unit>;
  log: WorkLog;
  /** Takes one passage through its stages. */
  work: (passage: Unit) => Promise<PassageEnd>;
  /** How many passages may be under way now; asked before each. */
  room: () => number;
  /** Passages of the corpus that are looked at, those of earlier sessions included. */
  limit: number | null;
  maxFailedShare: number;
  /** Aborted when no further passage is to begin. */
  stopping: AbortSignal;
  stop: (reason: string) => void;
  /** A passage found no server. */
  onFailed: () => void;
}

export interface JobEnd {
  /** Passages that found no server in this session. */
  failed: number;
  /** Why most of the latest of them did not; '' when none failed. */
  commonestFailure: string;
  /** Whether every passage of the corpus, up to the limit, was looked at and ended. */
  complete: boolean;
}

/**
 * Drives a corpus through the pipeline: each passage goes on as soon as it can, as many at a time as the servers have
 * room for, and none is remembered after it has ended (design: Engine properties 1).
 * @throws UsageError when nothing can succeed, or more than the allowed share of passages fails
 */
export async function runCorpus<Unit extends WorkUnit>(job: CorpusJob<Unit>): Promise<JobEnd> {
  const crew = new Crew(job);
  let seen = 0;
  for await (const passage of untilStopped(job.passages, job.stopping)) {
    seen += 1;
    if (!job.log.isDone(passage.id)) {
      await crew.room();
      if (job.stopping.aborted) break;
      crew.begin(passage);
    }
    // Asked here, not before the next: a corpus is not read further than is used.
    if (seen === job.limit) break;
  }
  await crew.idle();
  if (crew.fatal !== undefined) throw crew.fatal;
  return {
    failed: crew.failed,
    commonestFailure: crew.commonestFailure,
    complete: !job.stopping.aborted && crew.unfinished === 0,
  };
}

/** A corpus on the standard input may be long in coming: a run that stops does not wait for it. */
async function* untilStopped<Unit>(
  passages: AsyncIterable<Unit>,
  stopping: AbortSignal,
): AsyncGenerator<Unit> {
  const iterator = passages[Symbol.asyncIterator]();
  // Listened to once for all passages; a Promise.race with what lives as long as the run would remember every one.
  let wake = () => {};
  const onAbort = () => wake();
  stopping.addEventListener('abort', onAbort, { once: true });
  try {
    while (!stopping.aborted) {
      const next = await new Promise<IteratorResult<Unit> | undefined>((resolve, reject) => {
        wake = () => resolve(undefined);
        iterator.next().then(resolve, reject);
      });
      if (next === undefined || next.done === true) return;
      yield next.value;
    }
  } finally {
    stopping.removeEventListener('abort', onAbort);
  }
}

/** The passages under way. */
class Crew<Unit extends WorkUnit> {
  readonly #job: CorpusJob<Unit>;
  readonly #failures = new FailureWatch();
  #active = 0;
  #wake: (() => void) | undefined;
  failed = 0;
  unfinished = 0;
  fatal: unknown;

  constructor(job: CorpusJob<Unit>) {
    this.#job = job;
  }

  get commonestFailure(): string {
    return this.#failures.commonest;
  }

  async room(): Promise<void> {
    while (this.#active >= Math.max(1, this.#job.room()) && !this.#job.stopping.aborted)
      await this.#change();
  }

  async idle(): Promise<void> {
    while (this.#active > 0) await this.#change();
  }

  begin(passage: Unit): void {
    this.#active += 1;
    void this.#run(passage).finally(() => {
      this.#active -= 1;
      this.#wake?.();
    });
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  async #run(passage: Unit): Promise<void> {
    try {
      await this.#job.log.commit(await this.#job.work(passage));
      this.#failures.ended();
      if (this.#job.log.targetReached) this.#job.stop('the target is reached');
    } catch (error) {
      this.unfinished += 1;
      if (error instanceof WaitingError) return;
      if (error instanceof StoppedError) {
        this.#job.stop(error.message);
        return;
      }
      if (error instanceof RequestFailedError) await this.#fail(passage, error.message);
      else this.#giveUp(error);
    }
  }

  async #fail(passage: Unit, reason: string): Promise<void> {
    this.failed += 1;
    this.#job.onFailed();
    const end: PassageEnd = {
      id: passage.id,
      outcome: 'failed',
      reason,
      counts: {},
      accepted: [],
      rejected: [],
    };
    await this.#job.log.commit(end).catch((error: unknown) => this.#giveUp(error));
    const cause = this.#failures.failed(reason, this.#job.maxFailedShare);
    if (cause !== undefined) this.#giveUp(cause);
  }

  /** The first error that ends the run; those that follow from it add nothing. */
  #giveUp(error: unknown): void {
    this.fatal ??= error;
    this.#job.stop('the run cannot go on');
  }
}

const WATCHED_ENDS = 50;
const FEWEST_ENDS = 10;

/** Looks at the latest ends and says when too many of them were failures, with the commonest reason. */
class FailureWatch {
  readonly #latest: (string | null)[] = [];

  get commonest(): string {
    return commonest(this.#reasons);
  }

  get #reasons(): string[] {
    return this.#latest.filter((end) => end !== null);
  }

  ended(): void {
    this.#note(null);
  }

  failed(reason: string, maxShare: number): UsageError | undefined {
    this.#note(reason);
    const reasons = this.#reasons;
    if (this.#latest.length < FEWEST_ENDS || reasons.length / this.#latest.length <= maxShare)
      return undefined;
    return new UsageError(
      `${reasons.length} of the latest ${this.#latest.length} passages got no answer; most often: ${this.commonest}. Nothing is lost: run the same command again when the server is well.`,
    );
  }

  #note(end: string | null): void {
    this.#latest.push(end);
    if (this.#latest.length > WATCHED_ENDS) this.#latest.shift();
  }
}

function commonest(reasons: string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? '';
}
