import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import { JournalReader } from '../../core/llm/journal.ts';
import { packageVersion } from '../../core/package-root.ts';
import { isLocked } from '../../core/run/lock.ts';
import { type Manifest, readManifest } from '../../core/run/manifest.ts';
import { type OpenRun, openRun } from '../../core/run/run-folder.ts';
import type { SynthConfig } from '../config.ts';
import { runSession } from '../session.ts';
import type { SynthJob } from '../synth-job.ts';
import { requirePrices } from '../synth-run.ts';
import { recheckPassage } from './recheck-passage.ts';
import type { RecheckRun } from './recheck-row.ts';
import { type RecheckChoice, type RecheckSettings, recheckSettings } from './recheck-settings.ts';
import { sourcePassages } from './source-passages.ts';

/** What is to be checked anew, and how. */
export interface RecheckJob extends Pick<SynthJob, 'stopping' | 'aborting'> {
  /** The run's folder, and the new one's. */
  source: string;
  folder: string;
  choice: RecheckChoice;
  /** Whether the source's answers to the very same questions are taken over. */
  reuse: boolean;
  /** Given the settings, with as many passages as the source has, what prints the progress. */
  progress: (config: SynthConfig) => SynthJob['onProgress'];
}

/** How it ended. */
export interface RecheckEnd {
  source: Manifest;
  manifest: Manifest;
  gate: SynthConfig['gate'];
}

/**
 * Applies the checks of today, and a judge where one is given, to all candidates of a run, and keeps the outcome as a
 * run of its own. Goes on with it where an earlier session was stopped.
 * @throws UsageError for what the user can fix
 */
export async function recheck(job: RecheckJob): Promise<RecheckEnd> {
  const source = await sourceRun(job);
  const { judge: endpoint, budgetUsd } = job.choice;
  requirePrices(budgetUsd, endpoint === undefined ? [] : [endpoint]);
  const settings = await recheckSettings(job.source, source, job.choice);
  await requireSameSource(job.folder, source);
  const { config, resolved, fingerprintParts } = settings;
  const others = await reusedJournal(job);
  const run = await openRun(job.folder, {
    config: resolved,
    configNotes: [`rechecked from: ${JSON.stringify(job.source)}`],
    fingerprintParts,
    method: source.method,
    offline: source.offline || endpoint?.name === 'offline',
    ablation: { refine: source.ablation.refine, check: true, judge: config.judge },
    versions: { 'gem-traj': packageVersion(), node: process.version },
    target: null,
    budgetUsd: budgetUsd ?? null,
    wayOut: ['Set them back to go on with it, or give another --out.'],
  });
  try {
    const manifest = await recheckPassages(job, source, settings, run, others);
    return { source, manifest, gate: config.gate };
  } finally {
    await Promise.allSettled([run.close(), ...others.map((other) => other.close())]);
  }
}

function recheckPassages(
  { source: folder, choice, progress, stopping, aborting }: RecheckJob,
  source: Manifest,
  { config, judge }: RecheckSettings,
  run: OpenRun,
  others: JournalReader[],
): Promise<Manifest> {
  const { gate: before } = source.fingerprint_parts;
  const recheckRun: RecheckRun = {
    source: { name: source.name, gate: before === 'paper' ? 'paper' : 'strict' },
    fingerprint: run.fingerprint,
    ablation: { refine: source.ablation.refine, check: true, judge: config.judge },
    gate: config.gate,
    language: config.language,
    judge: judge && { setup: judge, showFindings: config.judge_prompt === 'findings' },
  };
  return runSession({
    run,
    log: run.log,
    units: sourcePassages(folder),
    work: (passage, engine) => recheckPassage(recheckRun, passage, engine),
    endpoints: choice.judge === undefined ? [] : [choice.judge],
    others,
    maxFailedShare: config.max_failed_share,
    corpus: () => ({ ...source.corpus, [ORIGIN]: originOf(source) }),
    requireInput: () => {},
    onProgress: progress({ ...config, limit: source.funnel.passages }),
    stopping,
    aborting,
  });
}

async function sourceRun({ source: folder, folder: out }: RecheckJob): Promise<Manifest> {
  const manifest = await readManifest(folder);
  if (manifest === undefined)
    throw new UsageError(`${folder}: there is no run to recheck (no manifest.json)`);
  if ((await realPath(out)) === (await realPath(folder)))
    throw new UsageError(`--out ${out} is the run itself; give the rechecked run another name`);
  if (await isLocked(folder))
    throw new UsageError(`${folder} is still being made; wait for its end, or stop it first`);
  if (manifest.funnel.passages === 0)
    throw new UsageError(`${folder} has no passage that ended: there is nothing to recheck`);
  return manifest;
}

const realPath = (path: string): Promise<string> => realpath(path).catch(() => resolve(path));

const ORIGIN = 'rechecked_from';

/** What tells a run from another one with the same settings. */
const originOf = ({ name, fingerprint, started_at }: Manifest) => ({
  name,
  fingerprint,
  started_at,
});

/** Two runs with the same settings have the same fingerprint; their rows must not end in one folder. */
async function requireSameSource(out: string, source: Manifest): Promise<void> {
  const before = (await readManifest(out))?.corpus[ORIGIN];
  if (typeof before !== 'object' || before === null || !('started_at' in before)) return;
  if (before.started_at === source.started_at) return;
  const name = 'name' in before ? String(before.name) : 'another run';
  throw new UsageError(
    `${out} was rechecked from ${name}, not from ${source.name}; give another --out`,
  );
}

/** The source's own verdicts by the same judge to the same words need not be paid twice. */
async function reusedJournal({ source, choice, reuse }: RecheckJob): Promise<JournalReader[]> {
  if (!reuse || choice.judge === undefined) return [];
  const path = join(source, 'journal.jsonl');
  return [await JournalReader.open(path, ({ stage }) => stage === 'judge')];
}
