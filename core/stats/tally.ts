import { sha256 } from '../../core/hash.ts';
import type { Distribution } from './run-report.ts';

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

const EXACT_BELOW = 1000;
const MOST_BINS = 20;

/** A distribution of whole numbers in bounded memory: exact below 1000, then to three digits; the mean is exact. */
export class Numbers {
  readonly #counts = new Map<number, number>();
  #sum = 0;
  #count = 0;

  add(value: number): void {
    const kept = rounded(value);
    this.#counts.set(kept, (this.#counts.get(kept) ?? 0) + 1);
    this.#sum += value;
    this.#count += 1;
  }

  /** @returns null without a value */
  distribution(name: Distribution['name']): Distribution | null {
    if (this.#count === 0) return null;
    const sorted = [...this.#counts].sort(([a], [b]) => a - b);
    const at = (share: number) => quantile(sorted, this.#count, share);
    return {
      name,
      count: this.#count,
      mean: this.#sum / this.#count,
      min: at(0),
      p5: at(0.05),
      p25: at(0.25),
      median: at(0.5),
      p75: at(0.75),
      p95: at(0.95),
      max: at(1),
      histogram: histogram(sorted, at(0), at(0.99), at(1)),
    };
  }
}

function rounded(value: number): number {
  return value < EXACT_BELOW ? value : Number(value.toPrecision(3));
}

type Sorted = [value: number, count: number][];

/** Between two ranks by their distance, as numpy's default does. */
function quantile(sorted: Sorted, count: number, share: number): number {
  const rank = share * (count - 1);
  const below = valueAt(sorted, Math.floor(rank));
  return below + (valueAt(sorted, Math.ceil(rank)) - below) * (rank - Math.floor(rank));
}

function valueAt(sorted: Sorted, rank: number): number {
  let seen = 0;
  for (const [value, count] of sorted) {
    seen += count;
    if (rank < seen) return value;
  }
  return sorted.at(-1)?.[0] ?? 0;
}

/** Bins up to the 99th percentile, so that one odd row does not flatten the others; the rest is the open last bin. */
function histogram(
  sorted: Sorted,
  min: number,
  p99: number,
  max: number,
): Distribution['histogram'] {
  const width = niceWidth((Math.ceil(p99) - min + 1) / MOST_BINS);
  const first = Math.floor(min / width) * width;
  const bins = Math.floor((Math.ceil(p99) - first) / width) + 1;
  const end = first + bins * width;
  const list: Distribution['histogram'] = Array.from({ length: bins }, (_, bin) => ({
    from: first + bin * width,
    to: first + (bin + 1) * width,
    count: 0,
  }));
  if (max >= end) list.push({ from: end, to: null, count: 0 });
  for (const [value, count] of sorted) {
    const bin = list[Math.min(bins, Math.floor((value - first) / width))];
    if (bin !== undefined) bin.count += count;
  }
  return list;
}

function niceWidth(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  return [1, 2, 5, 10].map((step) => step * power).find((width) => width >= least) ?? power * 10;
}
