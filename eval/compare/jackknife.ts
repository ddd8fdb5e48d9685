import { t975 } from '../../core/stats/normal.ts';

/** Groups of passages of which one at a time is left out. */
export const GROUPS = 20;

/** A figure of a whole set, and the same without each group. */
export interface Estimates {
  whole: number;
  without: number[];
}

/** The interval of B less A, both measured without the same group each time. */
interface JackknifeInterval {
  difference: number;
  low: number;
  high: number;
  standardError: number;
}

/**
 * The 95% interval of a difference of two figures of sets (how many different words, tools, domains), by leaving out one
 * random group of passages at a time (delete-a-group jackknife, Kott 2001). Drawing with replacement would make rows
 * twice, and every such figure too small.
 */
export function jackknife(a: Estimates, b: Estimates): JackknifeInterval {
  const differences = a.without.map((value, group) => (b.without[group] ?? 0) - value);
  const groups = differences.length;
  const mean = differences.reduce((sum, value) => sum + value, 0) / groups;
  const squares = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const standardError = Math.sqrt(((groups - 1) / groups) * squares);
  const difference = b.whole - a.whole;
  const reach = t975(groups - 1) * standardError;
  return { difference, low: difference - reach, high: difference + reach, standardError };
}
