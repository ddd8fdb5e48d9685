import { sha256 } from '../../core/hash.ts';
import type { DistillRules } from '../rules.ts';
import { applyCaps } from './caps.ts';
import type { Decision, Drop } from './decision.ts';
import { type Duplicate, findDuplicates } from './duplicates.ts';
import type { RowMeasure } from './measure.ts';
import { balancePatterns } from './pattern-shares.ts';
import { refuseRow } from './refuse-row.ts';

/** What flags add to the rules. */
export interface SelectionLimits {
  /** Rows of more tokens go; rows whose tokens are null are not measured against it. */
  maxTokens: number | null;
  /** Chooses which rows stay under a cap. */
  seed: number;
}

/**
 * Decides which rows stay, one decision a row in their order: first each row by itself, then duplicates among
 * what is left, then caps, then the mix of patterns. Pure; the order of the rows does not change who stays.
 * A duplicate of a row that a cap then takes goes for that cap too, so that `against` is always a kept row.
 */
export function decide(
  rows: readonly RowMeasure[],
  rules: DistillRules,
  limits: SelectionLimits,
): Decision[] {
  const drops = new Map<number, Drop>();
  let left = rows.map((_, index) => index);
  const take = (found: ReadonlyMap<number, Drop>): void => {
    for (const [index, drop] of found) drops.set(index, drop);
    left = left.filter((index) => !found.has(index));
  };
  take(refusals(rows, rules, limits.maxTokens));
  const duplicates = findDuplicates(rows, left, rules);
  take(new Map([...duplicates].map(([index, { drop }]) => [index, drop])));
  left = ranked(rows, left, limits.seed);
  take(applyCaps(rows, left, rules));
  take(balancePatterns(rows, left, rules));
  for (const [index, duplicate] of duplicates) {
    const taken = drops.get(duplicate.of);
    if (taken !== undefined) drops.set(index, alsoTaken(duplicate, taken));
  }
  return rows.map(({ id }, index) => {
    const drop = drops.get(index);
    return drop === undefined ? { id, kept: true } : { id, kept: false, ...drop };
  });
}

function refusals(
  rows: readonly RowMeasure[],
  rules: DistillRules,
  maxTokens: number | null,
): Map<number, Drop> {
  const drops = new Map<number, Drop>();
  for (const [index, row] of rows.entries()) {
    const drop = refuseRow(row, rules, maxTokens);
    if (drop !== null) drops.set(index, drop);
  }
  return drops;
}

/** The row that a duplicate gave way to has gone itself. */
function alsoTaken({ drop }: Duplicate, taken: Drop): Drop {
  return { ...taken, text: `${taken.text}; of ${drop.against} this is a duplicate (${drop.code})` };
}

/** The order in which rows are taken: by a seeded hash of their content, so that new rows do not shuffle old ones. */
function ranked(rows: readonly RowMeasure[], indexes: readonly number[], seed: number): number[] {
  const ranks = new Float64Array(rows.length);
  for (const index of indexes)
    ranks[index] = Number.parseInt(sha256(`${seed} ${rows[index]?.contentHash}`).slice(0, 13), 16);
  return [...indexes].sort((a, b) => (ranks[a] ?? 0) - (ranks[b] ?? 0));
}
