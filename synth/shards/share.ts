import type { Passage } from '../../core/passage.ts';
import type { Shard } from '../../core/run/shard.ts';

/** Under this key a shard's manifest says, beside the report of the whole corpus, how many passages were its own. */
export const SHARD_PASSAGES = 'shard_passages';

/** How many passages a shard has had of those that were looked at. */
export interface ShareCount {
  passages: number;
}

/**
 * A shard's part of a corpus. Every shard reads all of it, so that ids and duplicates are those of a run in one piece;
 * a passage belongs to one of them by the hash of its text, whatever order the corpus comes in.
 * @param limit passages of the whole corpus that are looked at; null for all
 */
export async function* shareOf(
  passages: AsyncIterable<Passage>,
  shard: Shard,
  limit: number | null,
  count: ShareCount,
): AsyncGenerator<Passage> {
  let seen = 0;
  for await (const passage of passages) {
    seen += 1;
    if (isOf(passage, shard)) {
      count.passages += 1;
      yield passage;
    }
    // Asked here, not before the next: a corpus is not read further than is used.
    if (seen === limit) return;
  }
}

/** Whether a passage belongs to a shard. */
function isOf({ sha256 }: Pick<Passage, 'sha256'>, { index, count }: Shard): boolean {
  // 48 bits: exact in a number, and so many that the shards come out equal.
  return Number.parseInt(sha256.slice(0, 12), 16) % count === index - 1;
}
