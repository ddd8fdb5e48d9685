import { nearly } from '../../../core/text/quantities.ts';

const MAX_RUN = 8;
const MAX_COUNT = 6;

/** An amount in whole cents, to be compared. */
export function cents(value: number): number {
  return Math.round(value * 100);
}

/** The sums of up to eight numbers that follow each other. */
export function runsOf(values: readonly number[]): Set<number> {
  const found = new Set<number>();
  for (let from = 0; from < values.length; from += 1) {
    let sum = values[from] ?? 0;
    for (let to = from + 1; to < Math.min(values.length, from + MAX_RUN); to += 1) {
      sum += values[to] ?? 0;
      found.add(cents(sum));
    }
  }
  return found;
}

/** Whether a value is a small multiple or part of a number, or a sum, difference or percentage of two. */
export function isDerived(value: number, pool: readonly number[]): boolean {
  const wanted = Math.abs(value);
  for (const [at, a] of pool.entries()) {
    for (let count = 2; count <= MAX_COUNT; count += 1) {
      if (nearly(a * count, wanted) || (count < 5 && cents(a / count) === cents(wanted)))
        return true;
    }
    for (const b of pool.slice(at + 1)) {
      if (cents(a + b) === cents(wanted) || cents(Math.abs(a - b)) === cents(wanted)) return true;
      if (cents((a * b) / 100) === cents(wanted)) return true;
    }
  }
  return false;
}
