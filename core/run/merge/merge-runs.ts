import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UsageError } from '../../errors.ts';
import { replaceFile } from '../../write-file.ts';
import type { Funnel } from '../funnel.ts';
import { lockRun } from '../lock.ts';
import { type Manifest, readManifest, writeManifest } from '../manifest.ts';
import { SHARDS_FOLDER } from '../shard.ts';
import { joinJournals } from './join-journals.ts';
import { joinRows, type Quota } from './join-rows.ts';
import { mergedManifest } from './merged-manifest.ts';
import { configText, findParts, type Part } from './parts.ts';

/** What is to be merged, and how. */
export interface MergeJob {
  /** Folders of runs, or of runs with shards in them. */
  sources: readonly string[];
  folder: string;
  /** Merge although shards are missing or not finished. */
  partial: boolean;
  /** How many rows are accepted, instead of the target that the shards shared. */
  target: number | null;
  /** Whether the journals are copied; otherwise the merged one refers to them. */
  copyJournals: boolean;
}

/**
 * Joins shards, or other runs with the same settings, into an ordinary run folder. Everything is made beside what is
 * there and put into place at the end, so that the same command after a kill ends the same.
 * @returns the manifest of the merged run
 * @throws UsageError for runs that cannot be joined, and for missing or unfinished ones unless `partial`
 */
export async function mergeRuns(job: MergeJob): Promise<Manifest> {
  const { folder, sources, partial } = job;
  const found = await findParts(sources);
  if (found.gaps.length > 0 && !partial)
    throw new UsageError(
      [...found.gaps, 'Let them end first, or merge what there is with --partial.'].join('\n'),
    );
  const [first] = found.parts;
  if (first === undefined) throw new Error('nothing is left to merge');
  requireElsewhere(folder, found.parts);
  await mkdir(folder, { recursive: true });
  await requireTakable(folder);
  const release = await lockRun(folder);
  try {
    const made = join(folder, MAKING);
    await rm(made, { recursive: true, force: true });
    await mkdir(made);
    const funnel = await joinRows(found.parts, made, quotaOf(job, found.parts));
    if (found.gaps.length === 0) requireSums(funnel, found.parts);
    await joinJournals(found.parts, folder, made, job.copyJournals);
    await replaceFile(join(made, 'config.yaml'), await configText(first));
    const manifest = mergedManifest(folder, found, first, funnel);
    await putInPlace(folder, made, manifest);
    return manifest;
  } finally {
    await release();
  }
}

/** Where the merged files are made. */
const MAKING = 'merging';

/** Parts lie beside the merged run or below it, never in its place. */
function requireElsewhere(folder: string, parts: readonly Part[]): void {
  const same = parts.find((part) => resolve(part.folder) === resolve(folder));
  if (same === undefined) return;
  throw new UsageError(`--out ${folder} is one of the runs to merge; give another --out`);
}

/** A merged run may be merged anew; other runs, and other people's files, stay. */
async function requireTakable(folder: string): Promise<void> {
  const before = await readManifest(folder);
  if (before?.merged !== undefined) return;
  if (before !== undefined)
    throw new UsageError(`--out ${folder} is a run already; give another --out`);
  const ours = new Set([SHARDS_FOLDER, MAKING, 'slurm', 'lock']);
  const foreign = (await readdir(folder)).filter(
    (name) => !ours.has(name) && !name.endsWith('.tmp'),
  );
  if (foreign.length === 0) return;
  throw new UsageError(
    `--out ${folder} is no run's folder (it holds ${foreign.slice(0, 3).join(', ')}); give another --out`,
  );
}

/** With a target exactly so many: the first of the accepted, and of the surplus what they lack. */
function quotaOf({ target }: MergeJob, parts: readonly Part[]): Quota {
  const shared = target ?? sharedTarget(parts);
  if (shared === null) return { accepted: Number.POSITIVE_INFINITY, promoted: 0 };
  const accepted = parts.reduce((sum, { manifest }) => sum + manifest.funnel.accepted, 0);
  return { accepted: shared, promoted: Math.max(0, shared - accepted) };
}

function sharedTarget(parts: readonly Part[]): number | null {
  const targets = new Map(parts.map((part) => [part.manifest.shard?.shared_target ?? null, part]));
  const [first, second] = [...targets];
  if (first === undefined || second === undefined) return first?.[0] ?? null;
  const say = ([target, { folder }]: [number | null, Part]) => `${folder} ${target ?? 'none'}`;
  throw new UsageError(
    `the shards had different targets (${say(first)}, ${say(second)}): run them with the same one, or give --target`,
  );
}

/** @throws Error where a row was lost or came twice on the way */
function requireSums(funnel: Funnel, parts: readonly Part[]): void {
  const passed = ({ accepted, surplus }: Funnel) => accepted + surplus;
  const sum = (of: (funnel: Funnel) => number) =>
    parts.reduce((total, { manifest }) => total + of(manifest.funnel), 0);
  for (const of of [passed, ({ passages }: Funnel) => passages]) {
    if (of(funnel) === sum(of)) continue;
    throw new Error(
      `the merged run has ${of(funnel)} passages or rows where its parts' manifests have ${sum(of)}`,
    );
  }
}

/** The manifest says `running` while files of two merges may stand beside each other. */
async function putInPlace(folder: string, made: string, manifest: Manifest): Promise<void> {
  await writeManifest(folder, { ...manifest, state: 'running', message: 'merging' });
  await rm(join(folder, 'prompts'), { recursive: true, force: true });
  for (const name of await readdir(made)) await rename(join(made, name), join(folder, name));
  await rm(made, { recursive: true, force: true });
  await writeManifest(folder, manifest);
}
