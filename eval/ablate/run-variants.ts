import { setMaxListeners } from 'node:events';
import { join } from 'node:path';
import { JournalReader } from '../../core/llm/journal.ts';
import { Ledger } from '../../core/llm/ledger.ts';
import type { Manifest } from '../../core/run/manifest.ts';
import { Spent } from '../../core/run/run-folder.ts';
import type { SynthProgress } from '../../synth/synth-job.ts';
import { synthesize } from '../../synth/synth-run.ts';
import type { PlannedRun } from './plan.ts';

/** How the runs of an ablation are made. */
export interface VariantsJob {
  runs: readonly PlannedRun[];
  inputs: string[];
  offline: boolean;
  /** Folders of other runs whose answers may be used. */
  reuse: string[];
  /** Over all runs together. */
  budgetUsd: number | undefined;
  onRun: (run: PlannedRun, number: number) => void;
  onProgress: (run: PlannedRun, progress: SynthProgress) => void;
  onEnd: (run: PlannedRun, manifest: Manifest) => void;
  stopping: AbortSignal;
  aborting: AbortSignal;
}

/**
 * Makes the runs one after the other, or goes on with them: each takes the answers that earlier ones of its seed have.
 * @returns the manifests of the runs that were begun; it ends early where one is stopped by the budget or a signal
 * @throws UsageError for what ends a synth run
 */
export async function runVariants(job: VariantsJob): Promise<Manifest[]> {
  // Each run listens to them, and they outlive it.
  setMaxListeners(0, job.stopping, job.aborting);
  const manifests: Manifest[] = [];
  for (const [index, run] of job.runs.entries()) {
    if (job.stopping.aborted) break;
    const manifest = await runVariant(run, index, job);
    manifests.push(manifest);
    if (manifest.state !== 'finished' && manifest.failed_passages === 0) break;
  }
  return manifests;
}

async function runVariant(run: PlannedRun, index: number, job: VariantsJob): Promise<Manifest> {
  const { inputs, offline, stopping, aborting, onProgress } = job;
  job.onRun(run, index + 1);
  const earlier = job.runs.slice(0, index).filter(({ seed }) => seed === run.seed);
  const budget = job.budgetUsd === undefined ? {} : { budget_usd: await leftFor(run, job) };
  const { manifest } = await synthesize({
    config: { ...run.config, ...budget },
    inputs,
    folder: run.folder,
    endpoints: run.endpoints,
    offline,
    wayOut: WAY_OUT,
    reuse: [...earlier.map(({ folder }) => folder), ...job.reuse],
    stopping,
    aborting,
    onProgress: (progress) => onProgress(run, progress),
  });
  job.onEnd(run, manifest);
  return manifest;
}

const WAY_OUT = [
  'Set them back to go on, or begin another ablation with --out NEW and --reuse with the runs of this',
  'one, which asks again only for what these settings change.',
];

/** A run's budget is over all its sessions: what the other runs have spent is no longer there. */
async function leftFor(run: PlannedRun, { runs, budgetUsd = 0 }: VariantsJob): Promise<number> {
  const others = runs.filter(({ folder }) => folder !== run.folder);
  const spent = await Promise.all(others.map(({ folder }) => spentIn(folder)));
  return Math.max(NOTHING_USD, budgetUsd - spent.reduce((sum, usd) => sum + usd, 0));
}

/** No request fits into it. */
const NOTHING_USD = 1e-12;

/** By the journal, which is newer than the manifest of a run that was killed; what is not there has cost nothing. */
async function spentIn(folder: string): Promise<number> {
  const spent = new Spent(new Ledger());
  const reader = await JournalReader.open(
    join(folder, 'journal.jsonl'),
    () => false,
    (line) => spent.note(line),
  );
  await reader.close();
  return spent.totalUsd;
}
