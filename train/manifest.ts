import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { errorCode, UsageError } from '../core/errors.ts';
import { replaceFile } from '../core/write-file.ts';
import { Recipe, TrainerName } from './recipe.ts';

/** One start of a training: the first, or one that went on from a checkpoint. */
const Start = z.object({
  at: z.string(),
  /** The step it went on from; 0: from the beginning. */
  from_step: z.number(),
  ended_at: z.string().nullable(),
  /** Why it ended; null while it runs. */
  outcome: z.enum(['finished', 'stopped', 'failed']).nullable(),
});

/** OUT/manifest.json: what was trained, how to do it again, and how it ended. */
export const TrainManifest = z.object({
  kind: z.literal('gem-traj training'),
  schema_version: z.literal(1),
  state: z.enum(['running', 'finished', 'stopped', 'failed']),
  name: z.string(),
  trainer: TrainerName,
  recipe: Recipe,
  dataset: z.object({
    folder: z.string(),
    name: z.string(),
    sha256: z.string(),
    task: z.string(),
    offline: z.boolean(),
    rows: z.number(),
    tokens: z.number(),
  }),
  model: z.string(),
  argv: z.array(z.string()),
  env: z.record(z.string(), z.string()),
  /** Of the packages that took part, as found; empty where they could not be asked (a container). */
  versions: z.record(z.string(), z.string()),
  machine: z.object({
    host: z.string(),
    cpus: z.number(),
    gpus: z.array(z.string()),
    git_commit: z.string().nullable(),
  }),
  place: z.discriminatedUnion('on', [
    z.object({ on: z.literal('local'), pid: z.number() }),
    z.object({ on: z.literal('slurm'), cluster: z.string(), job: z.string(), name: z.string() }),
  ]),
  starts: z.array(Start),
  steps: z.object({ done: z.number(), all: z.number().nullable() }),
  loss: z.object({ first: z.number().nullable(), last: z.number().nullable() }),
  tokens_per_second: z.number().nullable(),
  peak_memory_gb: z.number().nullable(),
  /** The trained weights, once it is finished. */
  result: z.string().nullable(),
  error: z.string().nullable(),
});
export type TrainManifest = z.infer<typeof TrainManifest>;

/** @returns undefined where the folder has none, or one of something else */
export async function readTrainManifest(out: string): Promise<TrainManifest | undefined> {
  const path = join(out, 'manifest.json');
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
    throw error;
  });
  const value = text === undefined ? undefined : jsonOrNull(text);
  if (!Kind.safeParse(value).success) return undefined;
  const parsed = TrainManifest.safeParse(value);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  throw new UsageError(
    `${path}: ${first?.path.join('.')}: ${first?.message}; was it changed by hand, or written by another version?`,
  );
}

/** As readTrainManifest. @throws UsageError where there is no training */
export async function requireTraining(out: string): Promise<TrainManifest> {
  const manifest = await readTrainManifest(out);
  if (manifest !== undefined) return manifest;
  throw new UsageError(`${out} holds no training (no manifest.json of gem-traj train)`);
}

export async function writeTrainManifest(out: string, manifest: TrainManifest): Promise<void> {
  await replaceFile(join(out, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

const Kind = z.looseObject({ kind: z.literal('gem-traj training') });

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
