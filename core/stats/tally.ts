import { sha256 } from '../hash.ts';

/** Counts of names, at most so many of them; the rest is counted together. */
export class Tally {
  readonly #counts = new Map<string, number>();
  readonly #mostNames: number;
  #others = 0;

  constructor(mostNames = 1000) {
    this.#mostNames = mostNames;
  }

  add(name: string, count = 1): void {
    const before = this.#counts.get(name);
    if (before === undefined && this.#counts.size >= this.#mostNames) this.#others += count;
    else this.#counts.set(name, (before ?? 0) + count);
  }

  count(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** Commonest first, equal ones by name. */
  entries(): { name: string; count: number }[] {
    const entries = [...this.#counts].map(([name, count]) => ({ name, count }));
    if (this.#others > 0) entries.push({ name: '(others)', count: this.#others });
    return entries.sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
  }
}

/** A sample of fixed size: the items whose keys hash lowest, in whatever order they come. */
export class Reservoir<Item> {
  readonly #most: number;
  readonly #kept: { rank: string; item: Item }[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /** Keeps what `make` gives where the key is among the lowest; else `make` is not called. */
  offer(key: string, make: () => Item): void {
    const rank = sha256(key);
    const last = this.#kept.at(-1);
    if (this.#kept.length >= this.#most && last !== undefined && rank >= last.rank) return;
    const at = this.#kept.findIndex((kept) => kept.rank > rank);
    this.#kept.splice(at === -1 ? this.#kept.length : at, 0, { rank, item: make() });
    this.#kept.length = Math.min(this.#kept.length, this.#most);
  }

  items(): Item[] {
    return this.#kept.map(({ item }) => item);
  }
}
