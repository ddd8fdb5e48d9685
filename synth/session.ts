import { setInterval } from 'node:timers';
import { describeError } from '../core/errors.ts';
import type { Asker } from '../core/llm/asker.ts';
import type { NamedEndpoint } from '../core/llm/endpoint.ts';
import { Engine } from '../core/llm/engine.ts';
import type { JournalReader } from '../core/llm/journal.ts';
import { type Manifest, readManifest } from '../core/run/manifest.ts';
import type { OpenRun } from '../core/run/run-folder.ts';
import {
  type CorpusJob,
  type JobEnd,
  runCorpus,
  type WorkLog,
  type WorkUnit,
} from './run-corpus.ts';
import { stillNeeded } from './still-needed.ts';
import type { SynthProgress } from './synth-job.ts';
import { verdictOf } from './verdict.ts';

const MANIFEST_EVERY_MS = 5000;
const PROGRESS_EVERY_MS = 1000;
const LATELY_MS = 10_000;

/** What a process does in a run folder: units of work, each of which asks models through one engine. */
export interface SessionJob<Unit extends WorkUnit> {
  run: OpenRun;
  /** Where units end: the run's own log, or another place that counts them. */
  log: WorkLog;
  units: AsyncIterable<Unit>;
  work: (unit: Unit, engine: Asker) => ReturnType<CorpusJob<Unit>['work']>;
  /** The endpoints that are asked, each once. */
  endpoints: NamedEndpoint[];
  /** Journals of other runs whose answers may be used. */
  others: JournalReader[];
  /** Instead of asking servers at once. */
  rounds?: Rounds;
  target?: number | undefined;
  limit?: number | undefined;
  maxFailedShare: number;
  /** What the manifest says of the input. */
  corpus: () => Record<string, unknown>;
  /** Called when the work is over; throws a UsageError where there was nothing to work on. */
  requireInput: () => void;
  onProgress: (progress: SynthProgress) => void;
  /** Aborted once to stop after the requests in flight; `aborting` to end these too. */
  stopping: AbortSignal;
  aborting: AbortSignal;
}

/** Goes over the units as often as it takes, and asks in between. */
export interface Rounds {
  asker: Asker;
  run(pass: () => Promise<JobEnd>, control: SessionControl): Promise<JobEnd>;
}

/** How a session stops. */
export interface SessionControl {
  stopping: AbortSignal;
  stop: (reason: string) => void;
}

/**
 * Does a job in an open run folder: keeps its manifest and the progress up to date, stops on signals, says how it ended.
 * @returns the manifest as written at the end
 * @throws what the work throws; the manifest then says `failed`, and the same command goes on
 */
export function runSession<Unit extends WorkUnit>(job: SessionJob<Unit>): Promise<Manifest> {
  return new Session(job).run();
}

class Session<Unit extends WorkUnit> {
  readonly #job: SessionJob<Unit>;
  readonly #run: OpenRun;
  readonly #engine: Asker;
  readonly #start = performance.now();
  readonly #stopSignal = new AbortController();
  #stopReason: string | undefined;
  #failed = 0;
  #lastFailure = { reason: '', at: Number.NEGATIVE_INFINITY };

  constructor(job: SessionJob<Unit>) {
    this.#job = job;
    this.#run = job.run;
    this.#engine = job.rounds?.asker ?? this.#newEngine(job);
  }

  #newEngine({ run, others }: SessionJob<Unit>): Engine {
    return new Engine({
      journal: run.journal,
      own: run.own.size === 0 ? null : run.own,
      others,
      ledger: run.ledger,
      budget: run.budget,
      onFailure: ({ stage, passage }, { kind, reason }, tries) => {
        this.#lastFailure = { reason, at: performance.now() };
        run.event('request_failed', { stage, passage, kind, reason, tries });
      },
    });
  }

  async run(): Promise<Manifest> {
    const { stopping, aborting, log } = this.#job;
    stopping.addEventListener('abort', () => this.#stop('interrupted'));
    aborting.addEventListener('abort', () => this.#engine.abort('interrupted'));
    if (stopping.aborted) this.#stop('interrupted');
    if (log.targetReached) this.#stop('the target is reached');
    await this.#run.saveManifest('running', null, this.#live());
    this.#run.event('started', {
      resumed: this.#run.resumed,
      accepted: this.#run.log.funnel.accepted,
    });
    try {
      return await this.#finish(await this.#watchedWork());
    } catch (error) {
      const message = describeError(error);
      this.#run.event('failed', { message });
      await this.#run.saveManifest('failed', message, this.#live()).catch(() => {});
      throw error;
    }
  }

  /** The timers end with the work: a late `running` must not replace the last word. */
  async #watchedWork(): Promise<JobEnd> {
    const timers = this.#startTimers();
    try {
      this.#job.onProgress(this.#progress());
      const { rounds } = this.#job;
      if (rounds === undefined) return await this.#work();
      const control = { stopping: this.#stopSignal.signal, stop: this.#stop.bind(this) };
      return await rounds.run(() => this.#work(), control);
    } finally {
      for (const timer of timers) clearInterval(timer);
    }
  }

  #work(): Promise<JobEnd> {
    const { units, log, work, limit, maxFailedShare } = this.#job;
    return runCorpus({
      passages: units,
      log,
      work: (unit) => work(unit, this.#engine),
      room: () => this.#room(),
      limit: limit ?? null,
      maxFailedShare,
      stopping: this.#stopSignal.signal,
      stop: (reason) => this.#stop(reason),
      onFailed: () => {
        this.#failed += 1;
      },
    });
  }

  /** A few units more than the servers take, so that a free place never waits for the disk or for a retry. */
  #room(): number {
    const loads = this.#job.endpoints.map((endpoint) => this.#engine.load(endpoint).limit);
    const places = loads.reduce((sum, limit) => sum + limit, 0);
    const room = Math.ceil(places * 1.1) + 2 + Math.min(places, this.#engine.backingOff);
    const { target, log } = this.#job;
    return Math.min(room, stillNeeded(target, log, this.#run.log.funnel));
  }

  #stop(reason: string): void {
    this.#stopReason ??= reason;
    this.#stopSignal.abort();
    this.#engine.stop(reason);
  }

  async #finish(end: JobEnd): Promise<Manifest> {
    const { log, requireInput, target } = this.#job;
    const run = this.#run;
    if (this.#stopReason === undefined) requireInput();
    const [state, message] = verdictOf({ log, budget: run.budget }, this.#stopReason, end, target);
    run.event('ended', { state, message, funnel: run.log.funnel });
    await run.saveManifest(state, message, this.#live());
    this.#job.onProgress(this.#progress());
    const manifest = await readManifest(run.folder);
    if (manifest === undefined) throw new Error(`${run.folder}/manifest.json is gone`);
    return manifest;
  }

  /** Other runs may have reached a target that is shared, while this one waited for answers. */
  async #look(): Promise<void> {
    const { log } = this.#job;
    await log.look?.();
    if (log.targetReached) this.#stop('the target is reached');
  }

  #startTimers(): NodeJS.Timeout[] {
    return [
      setInterval(() => this.#job.onProgress(this.#progress()), PROGRESS_EVERY_MS),
      setInterval(() => {
        void this.#run
          .saveManifest('running', null, this.#live())
          .then(() => this.#look())
          .catch((error: unknown) =>
            this.#run.event('manifest_failed', { message: String(error) }),
          );
      }, MANIFEST_EVERY_MS),
    ];
  }

  #progress(): SynthProgress {
    const { reason, at } = this.#lastFailure;
    return {
      lastFailure: performance.now() - at < LATELY_MS ? reason : null,
      run: this.#run,
      engine: this.#engine,
      endpoints: this.#job.endpoints,
      failed: this.#failed,
      sessionSeconds: (performance.now() - this.#start) / 1000,
    };
  }

  #live() {
    return { corpus: this.#job.corpus(), failedPassages: this.#failed };
  }
}
