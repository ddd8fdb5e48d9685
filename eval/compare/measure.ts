import type { Difference } from './comparison.ts';
import type { RowKind } from './row-measures.ts';

/** What is added up: a column of passages, or of the rows of a kind; `one` counts them. */
export type Term = { of: 'passages'; column: string } | { of: RowKind; column: string };

/** A measure that is a sum over another sum, both by passage. */
export interface RatioMeasure
  extends Pick<Difference, 'group' | 'name' | 'title' | 'unit' | 'better'> {
  numerator: Term;
  denominator: Term;
  /** The stage without which a run has no such figure. */
  needs?: 'check' | 'judge' | 'refine' | 'costs' | 'gpus' | 'prices';
}

/** What measures are made of: a column of passages, and how many there are of each. */
export const passages = (column: string): Term => ({ of: 'passages', column });
export const PASSAGES = passages('one');
export const PASSED: Term = { of: 'passed', column: 'one' };
export const CANDIDATES: Term = { of: 'candidate', column: 'one' };
export const REVIEWED: Term = { of: 'reviewed', column: 'one' };
export const JUDGED: Term = { of: 'judged', column: 'one' };
