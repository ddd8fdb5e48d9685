import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** plan.json, which python/bfcl_run.py writes from the harness's own data: what is asked. */
export const BfclPlan = z.object({
  /** The prefix of the data's files, such as BFCL_v3. */
  data: z.string(),
  /** By category: how many entries there are, those that are asked, and the SHA-256 of questions and answers. */
  totals: z.record(z.string(), z.number()),
  ids: z.record(z.string(), z.array(z.string())),
  sha256: z.record(z.string(), z.string()),
});
export type BfclPlan = z.infer<typeof BfclPlan>;

export async function readBfclPlan(path: string): Promise<BfclPlan> {
  return BfclPlan.parse(JSON.parse(await readFile(path, 'utf8')));
}
