import { join } from 'node:path';
import { UsageError } from '../core/errors.ts';
import type { NamedEndpoint } from '../core/llm/endpoint.ts';
import { JournalReader } from '../core/llm/journal.ts';
import { packageVersion } from '../core/package-root.ts';
import { readManifest } from '../core/run/manifest.ts';
import { type OpenRun, openRun } from '../core/run/run-folder.ts';
import { activeStages } from './config.ts';
import { describeCorpusReport, newCorpusReport } from './corpus/report.ts';
import { passagesOf } from './passages.ts';
import { runPassage } from './pipeline.ts';
import { configNotes, fingerprintParts, resolvedConfig } from './run-settings.ts';
import { runSession } from './session.ts';
import { type StageSetups, setUpStages } from './setups.ts';
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
    target: job.config.target ?? null,
    budgetUsd: job.config.budget_usd ?? null,
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
  const { config, inputs, passages, stopping, aborting, onProgress } = job;
  const corpus = newCorpusReport();
  const teacher = job.offline ? 'offline' : job.endpoints.generate.name;
  const shared = { config, setups, fingerprint: run.fingerprint, teacher };
  const runMethod = config.method === 'pipeline' ? runPassage : runSynthesizer;
  const manifest = await runSession({
    run,
    log: run.log,
    units: passagesOf(config, passages ?? inputs, corpus),
    work: (passage, engine) => runMethod({ ...shared, engine }, passage),
    endpoints,
    others,
    target: config.target,
    limit: config.limit,
    maxFailedShare: config.max_failed_share,
    corpus: () => ({ ...corpus }),
    requireInput: () => {
      if (corpus.passages > 0) return;
      const lines = ['the input has no passage that can be used', ...describeCorpusReport(corpus)];
      throw new UsageError(lines.join('\n'));
    },
    onProgress,
    stopping,
    aborting,
  });
  return { manifest, corpus };
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
