import { LEAST_UNITS } from '../../core/stats/bootstrap.ts';
import type { Difference, MeasureUnit, Verdict } from './comparison.ts';

/** With five passages on one side and none on the other a sign test still gives p = 0.06. */
const LEAST_DIFFERING = 6;

/** What can be said of a difference, given its interval. */
export function verdictOf({
  difference,
  low,
  high,
  passages,
  differing,
}: Pick<Difference, 'difference' | 'low' | 'high' | 'passages' | 'differing'>): Verdict {
  if (difference === null) return 'too_few';
  if (differing === 0) return passages < LEAST_UNITS ? 'too_few' : 'no_difference';
  if (low === null || high === null) return 'too_few';
  if (differing < LEAST_DIFFERING || (low <= 0 && high >= 0)) return 'within_noise';
  return difference > 0 ? 'higher' : 'lower';
}

/**
 * The least difference that a sample can show: that of its spread, and of a share at least six of its members.
 * @param bySpread what the standard error allows; null where it is unknown
 * @param trials of how many the share is
 * @returns null where the spread is unknown, or is none
 */
export function detectableOf(
  bySpread: number | null,
  unit: MeasureUnit,
  trials: number,
): number | null {
  const least = unit === 'share' && trials > 0 ? Math.min(1, LEAST_DIFFERING / trials) : 0;
  if (bySpread === null) return null;
  const detectable = Math.max(bySpread, least);
  // Sums that round differently have a spread of 1e-16.
  return detectable < 1e-9 ? null : detectable;
}
