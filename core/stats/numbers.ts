import { z } from 'zod';

const Count = z.number().int().nonnegative();

/** A distribution of whole numbers in short. */
export const NumberSummary = z.object({
  count: Count,
  mean: z.number(),
  min: z.number(),
  p5: z.number(),
  p25: z.number(),
  median: z.number(),
  p75: z.number(),
  p95: z.number(),
  max: z.number(),
  /** Bins of equal width from..to-1; the last may be open (`to` null). */
  histogram: z.array(z.object({ from: z.number(), to: z.number().nullable(), count: Count })),
});
export type NumberSummary = z.infer<typeof NumberSummary>;

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
  summary(): NumberSummary | null {
    if (this.#count === 0) return null;
    const sorted = [...this.#counts].sort(([a], [b]) => a - b);
    const at = (share: number) => quantile(sorted, this.#count, share);
    return {
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
): NumberSummary['histogram'] {
  const width = niceWidth((Math.ceil(p99) - min + 1) / MOST_BINS);
  const first = Math.floor(min / width) * width;
  const bins = Math.floor((Math.ceil(p99) - first) / width) + 1;
  const end = first + bins * width;
  const list: NumberSummary['histogram'] = Array.from({ length: bins }, (_, bin) => ({
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
