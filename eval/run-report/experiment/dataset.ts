import { join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../../../core/errors.ts';
import { readTextIfThere } from '../../../core/read-text.ts';

const Count = z.number().int().nonnegative();

/** What a report shows of the manifest that `gem-traj distill` writes. */
const DatasetManifest = z.object({
  state: z.enum(['writing', 'finished']),
  name: z.string(),
  task: z.string(),
  trainers: z.array(z.string()),
  offline: z.boolean(),
  tokenizer: z.object({ name: z.string() }).nullable(),
  sources: z.array(z.object({ name: z.string(), method: z.string(), kept: Count })),
  read: Count,
  kept: Count,
  dropped: z.record(z.string(), Count),
  splits: z.array(
    z.object({
      split: z.string(),
      rows: Count,
      documents: Count,
      tokens: Count,
      trained_tokens: Count,
    }),
  ),
  decontamination: z.array(z.string()),
});

/** A dataset: how many rows were read and kept, why others were left out, and what was written. */
export const Dataset = DatasetManifest.extend({ place: z.string() });
export type Dataset = z.infer<typeof Dataset>;

/** @throws UsageError where the manifest is not as `distill` writes it */
export async function readDataset(folder: string, place: string): Promise<Dataset> {
  const path = join(folder, 'manifest.json');
  const parsed = DatasetManifest.safeParse(JSON.parse((await readTextIfThere(path)) ?? 'null'));
  if (parsed.success) return { ...parsed.data, place };
  throw new UsageError(
    `${path}: ${z.prettifyError(parsed.error)}; was it changed by hand, or written by another version?`,
  );
}
