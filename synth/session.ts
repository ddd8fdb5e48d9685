import { setInterval } from 'node:timers';
import { describeError } from '../core/errors.ts';
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
  work: (unit: Unit, engine: Engine) => ReturnType<CorpusJob<Unit>['work']>;
  /** The endpoints that are asked, each once. */
  endpoints: NamedEndpoint[];
  /** Journals of other runs whose answers may be used. */
  others: JournalReader[];
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
  readonly #engine: Engine;
  readonly #start = Date.now();
  readonly #stopSignal = new AbortController();
  #stopReason: string | undefined;
  #failed = 0;
  #lastFailure = { reason: '', at: 0 };

  constructor(job: SessionJob<Unit>) {
    const { run, others } = job;
    this.#job = job;
    this.#run = run;
    this.#engine = new Engine({
      journal: run.journal,
      own: run.own.size === 0 ? null : run.own,
      others,
      ledger: run.ledger,
      budget: run.budget,
      onFailure: ({ stage, passage }, { kind, reason }, tries) => {
        this.#lastFailure = { reason, at: Date.now() };
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
      return await this.#work();
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
    return Math.min(room, this.#stillNeeded());
  }

  /** How many units the target still needs, as the run has gone so far: more would only make surplus. */
  #stillNeeded(): number {
    const { target } = this.#job;
    if (target === undefined) return Number.POSITIVE_INFINITY;
    const { accepted, passages } = this.#run.log.funnel;
    const share = (accepted + 1) / (passages + 1);
    return Math.max(1, Math.ceil((target - accepted) / share));
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

  #startTimers(): NodeJS.Timeout[] {
    return [
      setInterval(() => this.#job.onProgress(this.#progress()), PROGRESS_EVERY_MS),
      setInterval(() => {
        void this.#run
          .saveManifest('running', null, this.#live())
          .catch((error: unknown) =>
            this.#run.event('manifest_failed', { message: String(error) }),
          );
      }, MANIFEST_EVERY_MS),
    ];
  }

  #progress(): SynthProgress {
    const { reason, at } = this.#lastFailure;
    return {
      lastFailure: Date.now() - at < LATELY_MS ? reason : null,
      run: this.#run,
      engine: this.#engine,
      endpoints: this.#job.endpoints,
      failed: this.#failed,
      sessionSeconds: (Date.now() - this.#start) / 1000,
    };
  }

  #live() {
    return { corpus: this.#job.corpus(), failedPassages: this.#failed };
  }
}
