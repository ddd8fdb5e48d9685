import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../errors.ts';

/** One of the parts into which a corpus is divided: `index` counts from 1 to `count`. */
export const Shard = z
  .object({ index: z.number().int().min(1), count: z.number().int().min(1).max(100_000) })
  .refine(({ index, count }) => index <= count, 'the index is above the count');
export type Shard = z.infer<typeof Shard>;

/** The folder in a run's folder that holds its shards. */
export const SHARDS_FOLDER = 'shards';

/**
 * Reads --shard I/N.
 * @throws UsageError for anything but two whole numbers with 1 <= I <= N
 */
export function parseShard(text: string): Shard {
  const [, index, count] = /^(\d{1,9})\/(\d{1,9})$/.exec(text) ?? [];
  const shard = Shard.safeParse({ index: Number(index), count: Number(count) });
  if (shard.success) return shard.data;
  throw new UsageError(
    `--shard ${text}: write I/N with I from 1 to N, as in --shard 1/4 to --shard 4/4 for four shards (100,000 at most)`,
  );
}

/** `2/16`, for people. */
export function shardName({ index, count }: Shard): string {
  return `${index}/${count}`;
}

/** The run folder of one shard: `RUN/shards/02-of-16`, so that names sort as numbers do. */
export function shardFolder(run: string, { index, count }: Shard): string {
  const padded = String(index).padStart(String(count).length, '0');
  return join(run, SHARDS_FOLDER, `${padded}-of-${count}`);
}

/** The shards that a run's folder has, in order; none where it is no sharded run. */
export function shardsIn(run: string): { shard: Shard; folder: string }[] {
  return namesIn(join(run, SHARDS_FOLDER)).flatMap((name) => {
    const [, index, count] = /^(\d+)-of-(\d+)$/.exec(name) ?? [];
    const shard = Shard.safeParse({ index: Number(index), count: Number(count) });
    return shard.success ? [{ shard: shard.data, folder: join(run, SHARDS_FOLDER, name) }] : [];
  });
}

/** @throws UsageError where a run was divided into another number of shards before */
export function requireSameCount(run: string, count: number): void {
  const other = shardsIn(run).find(({ shard }) => shard.count !== count);
  if (other === undefined) return;
  throw new UsageError(
    `${run} is divided into ${other.shard.count} shards (${other.folder}), not ${count}; go on with ${other.shard.count}, or give another --run`,
  );
}

/** What to do about a run whose shards are not joined. */
export function notMerged(run: string): string {
  const shards = shardsIn(run);
  return `${run} has ${shards.length} shards that are not merged: gem-traj merge ${run} joins them, gem-traj status ${run} shows them, and each is a run by itself (${shards[0]?.folder})`;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
