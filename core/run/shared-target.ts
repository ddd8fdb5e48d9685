import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from '../errors.ts';
import type { RowTarget } from './row-target.ts';
import type { Shard } from './shard.ts';

/** What is known of the others is at most so old when rows are accepted. */
const FRESH_MS = 2_000;
/** While the shards lack more than so many rows each, a shard need not look before every one. */
const NEAR = 50;
const TEXT = /^(\d{12})\n$/;

/**
 * A target that the shards of a run reach together without talking: each keeps its count in a file of its own in a
 * folder that all of them see, and reads the others'. It is passed by less than one row a shard, since in the moment
 * between looking and telling each of them may accept one; the merge then takes exactly the target.
 */
export class SharedTarget implements RowTarget {
  readonly sharers: number;
  readonly #folder: string;
  readonly #target: number;
  readonly #own: number;
  readonly #others = new Map<number, number>();
  #readAt = Number.NEGATIVE_INFINITY;
  /** What this shard may still accept before it looks again. */
  #free = 0;

  /** @param folder where the counts stand, seen by all shards */
  constructor(folder: string, shard: Shard, target: number) {
    this.#folder = folder;
    this.#target = target;
    this.#own = shard.index;
    this.sharers = shard.count;
  }

  room(accepted: number): number {
    const others = [...this.#others.values()].reduce((sum, count) => sum + count, 0);
    return Math.max(0, this.#target - accepted - others);
  }

  async allow(accepted: number, rows: number): Promise<number> {
    if (rows > this.#free || performance.now() - this.#readAt > FRESH_MS)
      await this.#look(accepted);
    const room = this.room(accepted);
    // One, or its part of what is left: were each shard to take all of it at once, it would be passed by far.
    const allowed = Math.min(rows, room, Math.max(1, Math.floor(room / this.sharers)));
    this.#free -= allowed;
    return allowed;
  }

  /**
   * Written in place: a file of the same name that replaced it could stay unseen for a minute where a folder's
   * entries are cached, while opening a file asks a network file system for what is new in it.
   */
  async tell(accepted: number): Promise<void> {
    const path = countFile(this.#folder, this.#own);
    await mkdir(dirname(path), { recursive: true });
    const handle = await openInPlace(path);
    try {
      await handle.write(`${String(accepted).padStart(12, '0')}\n`, 0);
    } finally {
      await handle.close();
    }
  }

  async #look(accepted: number): Promise<void> {
    const others = Array.from({ length: this.sharers }, (_, at) => at + 1).filter(
      (index) => index !== this.#own,
    );
    await Promise.all(
      others.map(async (index) => {
        const count = await countIn(countFile(this.#folder, index));
        if (count !== undefined) this.#others.set(index, count);
      }),
    );
    this.#readAt = performance.now();
    this.#free = Math.floor(this.room(accepted) / (NEAR * this.sharers));
  }
}

function countFile(folder: string, index: number): string {
  return join(folder, `${index}.accepted`);
}

function openInPlace(path: string) {
  return open(path, 'r+').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return open(path, 'w');
    throw error;
  });
}

/** Undefined while there is none, or where it is being written: the last known count holds then. */
async function countIn(path: string): Promise<number | undefined> {
  const text = await readFile(path, 'latin1').catch((error: unknown) => {
    if (['ENOENT', 'ESTALE'].includes(errorCode(error) ?? '')) return '';
    throw error;
  });
  const [, digits] = TEXT.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
