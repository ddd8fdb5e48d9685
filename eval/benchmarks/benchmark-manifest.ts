import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { UsageError } from '../../core/errors.ts';
import { readTextIfThere } from '../../core/read-text.ts';
import { replaceFile } from '../../core/write-file.ts';

/** manifest.json in the folder of a benchmark's run. */
export const BenchmarkManifest = z.object({
  schema_version: z.literal(1),
  benchmark: z.enum(['bfcl', 'tau2']),
  /** What tables call it. */
  label: z.string(),
  state: z.enum(['running', 'finished', 'incomplete', 'stopped', 'failed']),
  /** Why it is not finished, for people. */
  message: z.string().nullable(),
  versions: z.record(z.string(), z.string()),
  /** What changes the scores: the same command must find the same again. */
  settings: z.record(z.string(), z.unknown()),
  /** Where the models were reached last; may change from session to session. */
  urls: z.record(z.string(), z.string()),
  started_at: z.string(),
  updated_at: z.string(),
  /** Of all sessions together. */
  seconds: z.number(),
  sessions: z.number(),
});
export type BenchmarkManifest = z.infer<typeof BenchmarkManifest>;

/** @throws UsageError where the folder holds no benchmark's run */
export async function readBenchmarkManifest(folder: string): Promise<BenchmarkManifest> {
  const manifest = await findBenchmarkManifest(folder);
  if (manifest !== undefined) return manifest;
  throw new UsageError(`${folder} has no manifest.json; name a folder of eval bfcl or eval tau2`);
}

export async function writeBenchmarkManifest(
  folder: string,
  manifest: BenchmarkManifest,
): Promise<void> {
  await replaceFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

type Beginning = Pick<BenchmarkManifest, 'benchmark' | 'label' | 'versions' | 'settings' | 'urls'>;

/**
 * The manifest of a session that begins: a new one, or the earlier one of this folder gone on with.
 * @throws UsageError that names the settings that differ from the earlier ones
 */
export async function beginSession(
  folder: string,
  beginning: Beginning,
): Promise<BenchmarkManifest> {
  await mkdir(folder, { recursive: true });
  const earlier = await findBenchmarkManifest(folder);
  const now = new Date().toISOString();
  if (earlier === undefined)
    return {
      schema_version: 1,
      ...beginning,
      state: 'running',
      message: null,
      started_at: now,
      updated_at: now,
      seconds: 0,
      sessions: 1,
    };
  requireSame(folder, earlier, beginning);
  return {
    ...earlier,
    ...beginning,
    versions: { ...earlier.versions, ...beginning.versions },
    state: 'running',
    message: null,
    updated_at: now,
    sessions: earlier.sessions + 1,
  };
}

function requireSame(folder: string, earlier: BenchmarkManifest, now: Beginning): void {
  const before: Record<string, unknown> = { benchmark: earlier.benchmark, ...earlier.settings };
  const after: Record<string, unknown> = { benchmark: now.benchmark, ...now.settings };
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const shown = (value: unknown) => JSON.stringify(value) ?? 'nothing';
  const changed = keys
    .map((key) => ({ key, old: before[key], new: after[key] }))
    .filter(({ old, new: other }) => !isDeepStrictEqual(old, other))
    .map(({ key, old, new: other }) => `${key} was ${shown(old)} and is ${shown(other)}`);
  if (changed.length === 0) return;
  throw new UsageError(
    `${folder} holds a run with other settings: ${changed.join('; ')}. Give these again to go on with it, or another --out`,
  );
}

async function findBenchmarkManifest(folder: string): Promise<BenchmarkManifest | undefined> {
  const path = join(folder, 'manifest.json');
  const text = await readTextIfThere(path);
  if (text === undefined) return undefined;
  try {
    return BenchmarkManifest.parse(JSON.parse(text));
  } catch (cause) {
    throw new UsageError(
      `${path} is no manifest of a benchmark's run; name another folder with --out`,
      { cause },
    );
  }
}
