import { join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../errors.ts';
import { Bill } from '../llm/ledger.ts';
import { readTextIfThere } from '../read-text.ts';
import { replaceFile } from '../write-file.ts';
import { Funnel } from './funnel.ts';
import { Shard } from './shard.ts';

/** `running` in a folder that nobody holds means that the process was killed. */
export const RunState = z.enum(['running', 'finished', 'stopped', 'failed']);
export type RunState = z.infer<typeof RunState>;

/** One of the runs that a merged run was joined from. */
const MergedPart = z.object({
  /** Its folder as seen from the merged run's. */
  folder: z.string(),
  name: z.string(),
  shard: Shard.nullable(),
  state: RunState,
  passages: z.number().int(),
  accepted: z.number().int(),
});

/** manifest.json: what a run is and how far it came; the row files and the journal are the truth behind it. */
export const Manifest = z.object({
  schema_version: z.literal(1),
  name: z.string(),
  state: RunState,
  /** Why it stopped, for people. */
  message: z.string().nullable(),
  method: z.string(),
  offline: z.boolean(),
  ablation: z.object({ refine: z.boolean(), check: z.boolean(), judge: z.boolean() }),
  fingerprint: z.string(),
  fingerprint_parts: z.record(z.string(), z.unknown()),
  versions: z.record(z.string(), z.string()),
  started_at: z.string(),
  updated_at: z.string(),
  /** Seconds of all sessions together. */
  seconds: z.number(),
  sessions: z.number(),
  funnel: Funnel,
  /** Passages that found no answer for want of a server; the same command tries them again. */
  failed_passages: z.number(),
  corpus: z.record(z.string(), z.unknown()),
  bills: z.array(z.object({ stage: z.string(), endpoint: z.string(), bill: Bill })),
  total: Bill,
  /** Money that was reserved for requests whose end is unknown, or that ended without an answer. */
  unaccounted_usd: z.number(),
  /** Which part of the corpus it worked on, and the target of all the parts together. */
  shard: z
    .object({ ...Shard.shape, shared_target: z.number().int().positive().nullable() })
    .optional(),
  /** What it was joined from; such a run is done, and takes no more passages. */
  merged: z.array(MergedPart).optional(),
});
export type Manifest = z.infer<typeof Manifest>;

/** @returns undefined where the folder has none */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const path = join(folder, 'manifest.json');
  const text = await readTextIfThere(path);
  if (text === undefined) return undefined;
  try {
    return Manifest.parse(JSON.parse(text));
  } catch (cause) {
    throw new UsageError(
      `${path} cannot be read as a run's manifest; was it changed by hand, or written by another version?`,
      { cause },
    );
  }
}

export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await replaceFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
