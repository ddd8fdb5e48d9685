import { Pattern } from '../../core/taxonomy.ts';
import type { DistillRules } from '../rules.ts';
import type { Drop } from './decision.ts';
import type { RowMeasure } from './measure.ts';

interface Excess {
  pattern: Pattern;
  share: number;
  most: number;
  /** How many of its rows must go. */
  surplus: number;
}

/**
 * The rows that go so that no pattern is found in more than its share of those that stay, by index: always of the
 * pattern that is furthest above its share, and of its rows those that come last. When every row shows a pattern,
 * no share below 1 can be met and all rows go.
 * @param ranked indexes of rows, those that are given up last first
 */
export function balancePatterns(
  rows: readonly RowMeasure[],
  ranked: readonly number[],
  { patterns }: DistillRules,
): Map<number, Drop> {
  const drops = new Map<number, Drop>();
  let kept = [...ranked];
  const shows = (index: number, pattern: Pattern): boolean =>
    rows[index]?.patterns.includes(pattern) ?? false;
  for (;;) {
    const excess = worstExcess(rows, kept, patterns.max_share);
    if (excess === null) return drops;
    const { pattern, share, most, surplus } = excess;
    const text = `${pattern} is in ${(share * 100).toFixed(1)}% of the rows, patterns.max_share is ${most}`;
    const drop: Drop = { code: 'pattern_share', text, against: null, value: share };
    const going = new Set(kept.filter((index) => shows(index, pattern)).slice(-surplus));
    for (const index of going) drops.set(index, drop);
    kept = kept.filter((index) => !going.has(index));
  }
}

function worstExcess(
  rows: readonly RowMeasure[],
  kept: readonly number[],
  shares: DistillRules['patterns']['max_share'],
): Excess | null {
  const all = kept.length;
  let worst: Excess | null = null;
  for (const pattern of Pattern.options) {
    const most = shares[pattern];
    if (most === undefined) continue;
    const having = kept.filter((index) => rows[index]?.patterns.includes(pattern)).length;
    if (having <= most * all) continue;
    // Each row that goes is one less of the pattern and one less of all.
    const surplus =
      most === 1 ? 0 : Math.min(having, Math.ceil((having - most * all) / (1 - most)));
    const share = having / all;
    if (surplus > 0 && (worst === null || share - most > worst.share - worst.most))
      worst = { pattern, share, most, surplus };
  }
  return worst;
}
