import {
  detectableDifference,
  type PairedSums,
  pairedBootstrap,
} from '../../core/stats/bootstrap.ts';
import type { Difference } from './comparison.ts';
import { detectableOf, verdictOf } from './verdict.ts';

/** How differences are drawn. */
export interface DrawSettings {
  replicates: number;
  seed: number;
}

/** Differences of ratios with their bootstrap intervals, in the order of the measures. */
export function differencesOf(
  measures: readonly Pick<Difference, 'group' | 'name' | 'title' | 'unit' | 'better'>[],
  sums: readonly PairedSums[],
  { replicates, seed }: DrawSettings,
): Difference[] {
  const intervals = pairedBootstrap(sums, { replicates, seed: `compare ${seed}` });
  return intervals.flatMap((interval, index) => {
    const measure = measures[index];
    if (measure === undefined) return [];
    const { group, name, title, unit, better } = measure;
    const { units: passages, standardError, ...figures } = interval;
    const spread = standardError === null ? null : detectableDifference(standardError);
    return [
      {
        group,
        name,
        title,
        unit,
        better,
        ...figures,
        interval: 'bootstrap' as const,
        passages,
        detectable: detectableOf(spread, unit, trialsOf(sums[index])),
        verdict: verdictOf({ ...figures, passages }),
      },
    ];
  });
}

/** Of how many the smaller side's share is. */
function trialsOf(sums: PairedSums | undefined): number {
  const total = (values: Float64Array | undefined) =>
    values?.reduce((sum, value) => sum + value, 0) ?? 0;
  return Math.min(total(sums?.aDenominator), total(sums?.bDenominator));
}
