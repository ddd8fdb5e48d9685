import { join } from 'node:path';
import { UsageError } from '../core/errors.ts';
import type { Asker } from '../core/llm/asker.ts';
import type { NamedEndpoint } from '../core/llm/endpoint.ts';
import { JournalReader } from '../core/llm/journal.ts';
import { packageVersion } from '../core/package-root.ts';
import type { Passage } from '../core/passage.ts';
import type { PassageEnd } from '../core/run/commit-log.ts';
import { readManifest } from '../core/run/manifest.ts';
import { type OpenRun, openRun } from '../core/run/run-folder.ts';
import { SharedTarget } from '../core/run/shared-target.ts';
import type { BatchSettings } from './batch/backend.ts';
import { readBatchRecords } from './batch/batch-folder.ts';
import { inBatches } from './batch/in-batches.ts';
import { BatchRounds } from './batch/rounds.ts';
import { activeStages } from './config.ts';
import { type CorpusReport, describeCorpusReport, newCorpusReport } from './corpus/report.ts';
import { passagesOf } from './passages.ts';
import { runPassage } from './pipeline.ts';
import { configNotes, fingerprintParts, resolvedConfig } from './run-settings.ts';
import { runSession } from './session.ts';
import { type StageSetups, setUpStages } from './setups.ts';
import { SHARD_PASSAGES, shareOf } from './shards/share.ts';
import { stillNeeded } from './still-needed.ts';
import type { SynthEnd, SynthJob } from './synth-job.ts';
import { runSynthesizer } from './synthesizer.ts';

/**
 * Runs a corpus into a run folder, or goes on with it.
 * @returns the run's manifest as written at the end
 * @throws UsageError for what the user can fix; the run folder then says `failed` and can be gone on with
 */
export async function synthesize(job: SynthJob): Promise<SynthEnd> {
  const endpoints = askedEndpoints(job);
  requirePrices(job.config.budget_usd, endpoints);
  const setups = await setUpStages(job.config, job.endpoints);
  const others = await openReused(job.reuse);
  const run = await openRun(job.folder, {
    config: resolvedConfig(job.config, setups),
    configNotes: configNotes(job.inputs, setups),
    fingerprintParts: fingerprintParts(job.config, setups),
    method: job.config.method,
    offline: job.offline,
    ablation: { refine: job.config.refine, check: job.config.check, judge: job.config.judge },
    versions: { 'gem-traj': packageVersion(), node: process.version },
    ...limitsOf(job),
  });
  try {
    return await runPassages(job, setups, run, endpoints, others);
  } finally {
    await Promise.allSettled([run.close(), ...others.map((other) => other.close())]);
  }
}

async function runPassages(
  job: SynthJob,
  setups: StageSetups,
  run: OpenRun,
  endpoints: NamedEndpoint[],
  others: JournalReader[],
): Promise<SynthEnd> {
  const { config, stopping, aborting, onProgress } = job;
  const corpus = newCorpusReport();
  const once = unitsOf(job, corpus);
  const current = { ofShard: once.ofShard };
  const teacher = job.offline ? 'offline' : job.endpoints.generate.name;
  const shared = { config, setups, fingerprint: run.fingerprint, teacher };
  const runMethod = config.method === 'pipeline' ? runPassage : runSynthesizer;
  const work = (passage: Passage, engine: Asker) => runMethod({ ...shared, engine }, passage);
  if (job.batch === undefined) await requireNoBatches(run.folder);
  const manifest = await runSession({
    run,
    log: run.log,
    ...(job.batch === undefined
      ? { units: once.units, limit: once.limit, work }
      : batched(job, job.batch, run, endpoints, others, corpus, current, once.limit, work)),
    endpoints,
    others,
    target: config.target,
    maxFailedShare: config.max_failed_share,
    corpus: () => ({ ...corpus, ...current.ofShard() }),
    requireInput: () => {
      if (corpus.passages > 0) return;
      const lines = ['the input has no passage that can be used', ...describeCorpusReport(corpus)];
      throw new UsageError(lines.join('\n'));
    },
    onProgress,
    stopping,
    aborting,
  });
  return { manifest, corpus, leftRunning: await leftRunning(job, run.folder) };
}

/** The same corpus, gone over once a round. */
function batched(
  job: SynthJob,
  settings: BatchSettings,
  run: OpenRun,
  endpoints: NamedEndpoint[],
  others: JournalReader[],
  corpus: CorpusReport,
  current: Pick<ReturnType<typeof unitsOf>, 'ofShard'>,
  limit: number | undefined,
  work: (passage: Passage, engine: Asker) => Promise<PassageEnd>,
) {
  const { config } = job;
  const units = () => {
    Object.assign(corpus, newCorpusReport());
    const again = unitsOf(job, corpus);
    current.ofShard = again.ofShard;
    return again.units;
  };
  const most = () => stillNeeded(config.target, run.log, run.log.funnel);
  const rounds = new BatchRounds(settings, run, endpoints, others);
  return inBatches(rounds, work, { units, limit, most });
}

/** @throws UsageError where answers are on their way that would be asked, and paid, a second time */
async function requireNoBatches(folder: string): Promise<void> {
  const records = (await readBatchRecords(folder)).filter(({ state }) => state !== 'gathered');
  if (records.length === 0) return;
  throw new UsageError(
    `${records.length} batches of this run are under way; go on with --mode batch, or end them with --mode batch --cancel`,
  );
}

async function leftRunning({ batch }: SynthJob, folder: string): Promise<string[]> {
  if (batch === undefined) return [];
  const records = await readBatchRecords(folder);
  return records
    .filter(({ state }) => state === 'sent')
    .map((record) => batch.backend.leftRunning(record));
}

/** A shard has a target together with the others, and an equal part of the budget: nobody could add up what all spend. */
function limitsOf({ config, shard: part }: SynthJob) {
  const { target = null, budget_usd: budget = null } = config;
  if (part === undefined) return { target, budgetUsd: budget };
  const { shard, together } = part;
  return {
    target: target === null ? null : new SharedTarget(together, shard, target),
    budgetUsd: budget === null ? null : budget / shard.count,
    shard: { ...shard, shared_target: target },
  };
}

/** What is worked on, and what the manifest says of a shard's part. A shard counts a limit itself, on the whole corpus. */
function unitsOf({ config, inputs, passages, shard: part }: SynthJob, corpus: CorpusReport) {
  const all = passagesOf(config, passages ?? inputs, corpus);
  if (part === undefined) return { units: all, limit: config.limit, ofShard: () => ({}) };
  const count = { passages: 0 };
  return {
    units: shareOf(all, part.shard, config.limit ?? null, count),
    limit: undefined,
    ofShard: () => ({ [SHARD_PASSAGES]: count.passages }),
  };
}

/** The endpoints of the stages that are on, each once. */
function askedEndpoints({ config, endpoints }: SynthJob): NamedEndpoint[] {
  const asked = activeStages(config).map((stage) => endpoints[stage]);
  return [...new Map(asked.map((endpoint) => [endpoint.name, endpoint])).values()];
}

/**
 * Money can only be limited where every endpoint's price is known; here, so that no command can forget it.
 * @throws UsageError naming an endpoint without prices, where there is a budget
 */
export function requirePrices(budgetUsd: number | undefined, asked: NamedEndpoint[]): void {
  if (budgetUsd === undefined) return;
  const without = asked.find(({ prices }) => prices === undefined);
  if (without === undefined) return;
  const remedy =
    without.name === 'offline' || without.name === 'environment'
      ? 'make an entry with prices for the model in an endpoints file, and name it with --endpoint'
      : 'add prices: { input, output } (USD per million tokens) to its entry';
  throw new UsageError(`--budget needs prices: endpoint ${without.name} has none; ${remedy}`);
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
