import { join } from 'node:path';
import { setInterval } from 'node:timers';
import { describeError, UsageError } from '../core/errors.ts';
import type { NamedEndpoint } from '../core/llm/endpoint.ts';
import { Engine } from '../core/llm/engine.ts';
import { JournalReader } from '../core/llm/journal.ts';
import { packageVersion } from '../core/package-root.ts';
import { readManifest } from '../core/run/manifest.ts';
import { type OpenRun, openRun } from '../core/run/run-folder.ts';
import { activeStages } from './config.ts';
import { describeCorpusReport, newCorpusReport } from './corpus/report.ts';
import { passagesOf } from './passages.ts';
import { runPassage } from './pipeline.ts';
import type { PipelineRun } from './pipeline-run.ts';
import { type JobEnd, runCorpus } from './run-corpus.ts';
import { configNotes, fingerprintParts, resolvedConfig } from './run-settings.ts';
import { type StageSetups, setUpStages } from './setups.ts';
import type { SynthEnd, SynthJob, SynthProgress } from './synth-job.ts';
import { verdictOf } from './verdict.ts';

const MANIFEST_EVERY_MS = 5000;
const PROGRESS_EVERY_MS = 1000;
const LATELY_MS = 10_000;

/**
 * Runs a corpus into a run folder, or goes on with it.
 * @returns the run's manifest as written at the end
 * @throws UsageError for what the user can fix; the run folder then says `failed` and can be gone on with
 */
export async function synthesize(job: SynthJob): Promise<SynthEnd> {
  requirePrices(job);
  const setups = await setUpStages(job.config, job.endpoints);
  const others = await openReused(job.reuse);
  const run = await openRun(job.folder, {
    config: resolvedConfig(job.config, setups),
    configNotes: configNotes(job.inputs, setups),
    fingerprintParts: fingerprintParts(job.config, setups),
    method: 'pipeline',
    offline: job.offline,
    ablation: { refine: job.config.refine, check: job.config.check, judge: job.config.judge },
    versions: { 'gem-traj': packageVersion(), node: process.version },
    target: job.config.target ?? null,
    budgetUsd: job.config.budget_usd ?? null,
  });
  try {
    return await new Session(job, setups, run, others).run();
  } finally {
    await Promise.allSettled([run.close(), ...others.map((other) => other.close())]);
  }
}

/** Money can only be limited where every stage's price is known; here, so that no command can forget it. */
function requirePrices({ config, endpoints }: SynthJob): void {
  if (config.budget_usd === undefined) return;
  const asked = activeStages(config).map((stage) => endpoints[stage]);
  const without = asked.find(({ prices }) => prices === undefined);
  if (without === undefined) return;
  const remedy =
    without.name === 'offline' || without.name === 'environment'
      ? 'make an entry with prices for the model in an endpoints file, and name it with --endpoint'
      : 'add prices: { input, output } (USD per million tokens) to its entry';
  throw new UsageError(`--budget needs prices: endpoint ${without.name} has none; ${remedy}`);
}

/** One process's work on a run. */
class Session {
  readonly #job: SynthJob;
  readonly #run: OpenRun;
  readonly #engine: Engine;
  readonly #pipeline: PipelineRun;
  readonly #corpus = newCorpusReport();
  readonly #start = Date.now();
  readonly #stopSignal = new AbortController();
  #stopReason: string | undefined;
  #failed = 0;
  #lastFailure = { reason: '', at: 0 };

  constructor(job: SynthJob, setups: StageSetups, run: OpenRun, others: JournalReader[]) {
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
    const teacher = job.offline ? 'offline' : job.endpoints.generate.name;
    this.#pipeline = {
      config: job.config,
      setups,
      engine: this.#engine,
      fingerprint: run.fingerprint,
      teacher,
    };
  }

  async run(): Promise<SynthEnd> {
    const { stopping, aborting } = this.#job;
    stopping.addEventListener('abort', () => this.#stop('interrupted'));
    aborting.addEventListener('abort', () => this.#engine.abort('interrupted'));
    if (stopping.aborted) this.#stop('interrupted');
    if (this.#run.log.targetReached) this.#stop('the target is reached');
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

  #work() {
    const { config, inputs, passages } = this.#job;
    return runCorpus({
      passages: passagesOf(config, passages ?? inputs, this.#corpus),
      log: this.#run.log,
      work: (passage) => runPassage(this.#pipeline, passage),
      room: () => this.#room(),
      limit: config.limit ?? null,
      maxFailedShare: config.max_failed_share,
      stopping: this.#stopSignal.signal,
      stop: (reason) => this.#stop(reason),
      onFailed: () => {
        this.#failed += 1;
      },
    });
  }

  /** A few passages more than the servers take, so that a free place never waits for the disk or for a retry. */
  #room(): number {
    const loads = this.#endpoints().map((endpoint) => this.#engine.load(endpoint).limit);
    const places = loads.reduce((sum, limit) => sum + limit, 0);
    const room = Math.ceil(places * 1.1) + 2 + Math.min(places, this.#engine.backingOff);
    return Math.min(room, this.#stillNeeded());
  }

  /** How many passages the target still needs, as the run has gone so far: more would only make surplus. */
  #stillNeeded(): number {
    const { target } = this.#job.config;
    if (target === undefined) return Number.POSITIVE_INFINITY;
    const { accepted, passages } = this.#run.log.funnel;
    const share = (accepted + 1) / (passages + 1);
    return Math.max(1, Math.ceil((target - accepted) / share));
  }

  #endpoints(): NamedEndpoint[] {
    const stages = activeStages(this.#job.config);
    return [
      ...new Map(
        stages.map((stage) => [this.#job.endpoints[stage].name, this.#job.endpoints[stage]]),
      ).values(),
    ];
  }

  #stop(reason: string): void {
    this.#stopReason ??= reason;
    this.#stopSignal.abort();
    this.#engine.stop(reason);
  }

  async #finish(end: JobEnd): Promise<SynthEnd> {
    if (this.#corpus.passages === 0 && this.#stopReason === undefined) {
      throw new UsageError(
        ['the input has no passage that can be used', ...describeCorpusReport(this.#corpus)].join(
          '\n',
        ),
      );
    }
    const { target } = this.#job.config;
    const [state, message] = verdictOf(this.#run, this.#stopReason, end, target);
    this.#run.event('ended', { state, message, funnel: this.#run.log.funnel });
    await this.#run.saveManifest(state, message, this.#live());
    this.#job.onProgress(this.#progress());
    const manifest = await readManifest(this.#run.folder);
    if (manifest === undefined) throw new Error(`${this.#run.folder}/manifest.json is gone`);
    return { manifest, corpus: this.#corpus };
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
      endpoints: this.#endpoints(),
      corpus: this.#corpus,
      failed: this.#failed,
      sessionSeconds: (Date.now() - this.#start) / 1000,
    };
  }

  #live() {
    return { corpus: { ...this.#corpus }, failedPassages: this.#failed };
  }
}

async function openReused(folders: string[]): Promise<JournalReader[]> {
  const readers: JournalReader[] = [];
  for (const folder of folders) {
    if ((await readManifest(folder)) === undefined)
      throw new UsageError(`--reuse ${folder}: there is no run (no manifest.json)`);
    readers.push(await JournalReader.open(join(folder, 'journal.jsonl')));
  }
  return readers;
}
