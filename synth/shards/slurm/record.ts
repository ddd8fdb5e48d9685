import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../../../core/errors.ts';
import { readTextIfThere } from '../../../core/read-text.ts';
import { replaceFile } from '../../../core/write-file.ts';

/** One submission: a job array, and the job that merges after it. */
const Submission = z.object({
  /** Slurm's id of the array, and the shards that are its tasks; a task's number is its shard's. */
  job: z.string(),
  tasks: z.array(z.number().int().min(1)),
  /** Null where it could not be submitted. */
  merge_job: z.string().nullable(),
  at: z.string(),
});

/** slurm/array.json in a run's folder: what was submitted for it. */
export const ArrayRecord = z.object({
  schema_version: z.literal(1),
  shards: z.number().int().min(1),
  target: z.number().int().nullable(),
  /** The names of the jobs, which their logs and end marks begin with. */
  name: z.string(),
  merge_name: z.string(),
  /** The command's own words for each shard, so that a change of them is seen. */
  words: z.array(z.string()),
  submissions: z.array(Submission),
});
export type ArrayRecord = z.infer<typeof ArrayRecord>;

/** The folder for scripts, logs and the record. */
export function slurmFolder(run: string): string {
  return join(run, 'slurm');
}

/** @returns undefined where nothing was ever submitted. @throws UsageError for a file that is not one */
export async function readArrayRecord(run: string): Promise<ArrayRecord | undefined> {
  const path = recordPath(run);
  const text = await readTextIfThere(path);
  if (text === undefined) return undefined;
  try {
    return ArrayRecord.parse(JSON.parse(text));
  } catch (cause) {
    throw new UsageError(
      `${path} cannot be read; was it changed by hand, or written by another version?`,
      { cause },
    );
  }
}

export async function writeArrayRecord(run: string, record: ArrayRecord): Promise<void> {
  const path = recordPath(run);
  await mkdir(dirname(path), { recursive: true });
  await replaceFile(path, `${JSON.stringify(record, null, 2)}\n`);
}

function recordPath(run: string): string {
  return join(slurmFolder(run), 'array.json');
}
