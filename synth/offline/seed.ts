import { sha256 } from '../../core/hash.ts';

/** A seeded source of choices: the same seed text gives the same choices everywhere. */
export class Random {
  #state: number;

  constructor(seed: string) {
    this.#state = Number.parseInt(sha256(seed).slice(0, 8), 16);
  }

  /** A number from 0 up to 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from low to high, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** Whether an event of this probability happens. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of the items. Throws a RangeError when there is none. */
  pick<T>(items: readonly T[]): T {
    const item = items[this.int(0, items.length - 1)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  /** The items in another order. */
  shuffle<T>(items: readonly T[]): T[] {
    const ranked = items.map((item) => ({ item, rank: this.next() }));
    return ranked.sort((a, b) => a.rank - b.rank).map(({ item }) => item);
  }
}
