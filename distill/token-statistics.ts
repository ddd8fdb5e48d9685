import { z } from 'zod';

const Count = z.number().int().nonnegative();

/** How long rows are, in tokens; exact. */
export const TokenSummary = z.object({
  rows: Count,
  total: Count,
  mean: z.number(),
  median: z.number(),
  p90: z.number(),
  p95: z.number(),
  p99: z.number(),
  max: Count,
  /** Rows longer than the bin before it and at most `up_to` long; null stands for every longer row. */
  histogram: z.array(z.object({ up_to: Count.nullable(), rows: Count })),
  /** Rows that are longer than the limit, which drops them. */
  over_limit: z.object({ limit: Count, rows: Count }).nullable(),
});
export type TokenSummary = z.infer<typeof TokenSummary>;

/** In units of 1024 tokens: steps that double, with one between, as context lengths are rented. */
const EDGES = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128].map((edge) => edge * 1024);

/** Gathers the lengths of rows, four bytes a row. */
export class TokenStatistics {
  #lengths = new Uint32Array(1024);
  #rows = 0;

  add(tokens: number): void {
    if (this.#rows === this.#lengths.length) {
      const larger = new Uint32Array(this.#rows * 2);
      larger.set(this.#lengths);
      this.#lengths = larger;
    }
    this.#lengths[this.#rows] = tokens;
    this.#rows += 1;
  }

  /** Null without a row. Percentiles lie between two ranks by their distance, as numpy's default does. */
  summary(limit: number | null = null): TokenSummary | null {
    if (this.#rows === 0) return null;
    const sorted = this.#lengths.slice(0, this.#rows).sort();
    const total = sorted.reduce((sum, tokens) => sum + tokens, 0);
    const over = limit === null ? null : { limit, rows: this.#rows - atMost(sorted, limit) };
    return {
      rows: this.#rows,
      total,
      mean: total / this.#rows,
      median: percentile(sorted, 0.5),
      p90: percentile(sorted, 0.9),
      p95: percentile(sorted, 0.95),
      p99: percentile(sorted, 0.99),
      max: sorted.at(-1) ?? 0,
      histogram: histogram(sorted),
      over_limit: over,
    };
  }
}

function percentile(sorted: Uint32Array, share: number): number {
  const rank = share * (sorted.length - 1);
  const below = sorted[Math.floor(rank)] ?? 0;
  const above = sorted[Math.ceil(rank)] ?? below;
  return below + (above - below) * (rank - Math.floor(rank));
}

/** From the first bin that has rows to the last. */
function histogram(sorted: Uint32Array): TokenSummary['histogram'] {
  let seen = 0;
  const bins: TokenSummary['histogram'] = EDGES.map((edge) => {
    const rows = atMost(sorted, edge) - seen;
    seen += rows;
    return { up_to: edge, rows };
  });
  bins.push({ up_to: null, rows: sorted.length - seen });
  const first = bins.findIndex(({ rows }) => rows > 0);
  const last = bins.findLastIndex(({ rows }) => rows > 0);
  return bins.slice(first, last + 1);
}

/** How many of the lengths are at most so long. */
function atMost(sorted: Uint32Array, most: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) <= most) low = middle + 1;
    else high = middle;
  }
  return low;
}

const BAR = 40;

/** The summary for people; each figure says that it is estimated where it is. */
export function tokenLines(summary: TokenSummary, isEstimated: boolean): string[] {
  const about = isEstimated ? 'estimated tokens' : 'tokens';
  const { mean, median, p90, p95, p99, max, over_limit: over } = summary;
  const figures = { mean, median, p90, p95, p99, max };
  const parts = Object.entries(figures).map(([name, value]) => `${name} ${whole(value)}`);
  const most = Math.max(...summary.histogram.map(({ rows }) => rows));
  const bins = summary.histogram.map(({ up_to, rows }) => {
    const edge = up_to === null ? `over ${thousands(EDGES.at(-1) ?? 0)}` : `to ${thousands(up_to)}`;
    const bar = '█'.repeat(Math.ceil((BAR * rows) / most));
    return `  ${edge.padEnd(10)}${whole(rows).padStart(9)} ${bar}`.trimEnd();
  });
  const dropped =
    over === null
      ? []
      : [
          `over --max-tokens ${whole(over.limit)}: ${whole(over.rows)} of ${whole(summary.rows)} rows${isEstimated ? ' (estimated)' : ''}`,
        ];
  return [`${about} a row: ${parts.join(', ')}`, ...bins, ...dropped];
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function thousands(tokens: number): string {
  return `${tokens / 1024}K`;
}
