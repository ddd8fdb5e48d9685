import { nearly } from '../../../core/text/quantities.ts';
import { toBase, type Unit, unitOf } from '../../../core/text/quantities-units.ts';
import type { Fact } from '../faithfulness/facts.ts';
import type { Bound } from './bounds.ts';
import { wholeFact } from './bounds.ts';

/** Whether a call keeps a constraint; `undecidable` where the call alone does not show it. */
export type Verdict = 'kept' | 'broken' | 'undecidable';

/** What is known of the argument beside its value. */
export interface Given {
  /** The unit's name that the argument is in, where its name or description tells. */
  unit: string | undefined;
  /** Whether the argument is one of a closed list, so that unequal texts differ. */
  closed: boolean;
}

/** Holds the values of a bound's arguments (one, or a side each) against it. */
export function compare(bound: Bound, values: readonly unknown[], given: Given): Verdict {
  const { operator, limit, value } = bound;
  if (operator === 'in' || operator === 'not_in') return isIn(bound, values, given);
  if (limit === undefined) {
    if (Array.isArray(value) || (operator !== '==' && operator !== '!=')) return 'undecidable';
    return turned(operator === '!=', sameAll(values, value, given));
  }
  const sides = sidesOf(values, limit, given);
  if (sides === undefined) return 'undecidable';
  return sides.every((side, index) => holds(side, operator, limit.values[index] ?? Number.NaN))
    ? 'kept'
    : 'broken';
}

function holds(side: number, operator: Bound['operator'], limit: number): boolean {
  const equal = nearly(side, limit);
  if (operator === '==') return equal;
  if (operator === '!=') return !equal;
  if (operator === '<' || operator === '>') {
    return !equal && (operator === '<' ? side < limit : side > limit);
  }
  return equal || (operator === '<=' ? side < limit : side > limit);
}

/** The argument's numbers in the limit's base unit, smallest first; undefined where they cannot be compared. */
function sidesOf(values: readonly unknown[], limit: Fact, given: Given): number[] | undefined {
  const read = values.flatMap((value) => readSides(value, limit, given) ?? [Number.NaN]);
  if (read.length !== limit.values.length || read.some(Number.isNaN)) return undefined;
  return read.sort((a, b) => a - b);
}

function readSides(value: unknown, limit: Fact, given: Given): number[] | undefined {
  if (typeof value === 'number') return scaled(value, limit, given);
  if (typeof value === 'string') return ofText(value, limit, given);
  if (typeof value !== 'object' || value === null) return undefined;
  const members = Object.entries(value);
  if (Array.isArray(value) && limit.values.length === 1) return ofList(value, limit);
  const sides = members.filter(([key]) => Array.isArray(value) || SIDE.test(key));
  if (sides.length !== limit.values.length) return undefined;
  return sides.flatMap(
    ([, side]) => readSides(side, { ...limit, values: [0] }, given) ?? [Number.NaN],
  );
}

const SIDE = /^(?:width|height|length|depth|w|h|l|d)(?:_|$)/i;

/** A list against a bare number is counted, but for a list of numbers. */
function ofList(list: readonly unknown[], limit: Fact): number[] | undefined {
  const isCount = limit.kind === 'count' && list.every((one) => typeof one !== 'number');
  return isCount ? [list.length] : undefined;
}

function ofText(text: string, limit: Fact, given: Given): number[] | undefined {
  const fact = wholeFact(text);
  if (fact === undefined || fact.kind === 'date') return undefined;
  if (fact.unit === null && fact.kind === 'count') {
    return fact.plain.flatMap((number) => scaled(number, limit, given) ?? [Number.NaN]);
  }
  if (fact.kind !== limit.kind || (fact.kind === 'money' && fact.unit !== limit.unit))
    return undefined;
  return [...fact.values];
}

/** A bare number in the argument's unit, or in the limit's where there can be no other. */
function scaled(value: number, limit: Fact, given: Given): number[] | undefined {
  if (!Number.isFinite(value)) return undefined;
  const own = given.unit === undefined ? undefined : unitOf(given.unit);
  const theirs = limit.unit === null ? undefined : unitOf(limit.unit);
  if (theirs === undefined)
    return limit.kind === 'count' || limit.kind === 'ordinal' ? [value] : undefined;
  if (own === undefined) return isAlone(theirs) ? [toBase(value, theirs)] : undefined;
  if (own.dimension === theirs.dimension) {
    return own.dimension === 'money' && own.name !== theirs.name ? undefined : [toBase(value, own)];
  }
  // Working days are often called days.
  const bothDays = [own.name, theirs.name].sort().join() === 'day,working_day';
  return bothDays ? [toBase(value, theirs)] : undefined;
}

/** Money and shares are seldom given in a unit that nobody names. */
function isAlone({ dimension }: Unit): boolean {
  return dimension === 'money' || dimension === 'share' || dimension === 'temperature';
}

function isIn(bound: Bound, values: readonly unknown[], given: Given): Verdict {
  const list = Array.isArray(bound.value) ? bound.value : [bound.value];
  const verdicts = values.flat().map((value) => {
    const same = list.map((one) => sameAll([value], one, given));
    if (same.includes('kept')) return 'kept';
    return same.includes('undecidable') ? 'undecidable' : 'broken';
  });
  // A list of two numbers may be the ends of a range.
  const isRange = list.length === 2 && list.every((one) => typeof one === 'number');
  const all = worst(verdicts);
  if (isRange && all !== 'kept') return 'undecidable';
  return turned(bound.operator === 'not_in', all);
}

function turned(negated: boolean, verdict: Verdict): Verdict {
  if (!negated || verdict === 'undecidable') return verdict;
  return verdict === 'kept' ? 'broken' : 'kept';
}

function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.length === 0) return 'undecidable';
  if (verdicts.includes('broken')) return 'broken';
  return verdicts.includes('undecidable') ? 'undecidable' : 'kept';
}

function sameAll(values: readonly unknown[], wanted: unknown, given: Given): Verdict {
  const flat = values.flat();
  return worst(flat.map((value) => same(value, wanted, given)));
}

function same(value: unknown, wanted: unknown, given: Given): Verdict {
  if (typeof value === 'boolean' || typeof wanted === 'boolean') {
    if (typeof value !== typeof wanted) return 'undecidable';
    return value === wanted ? 'kept' : 'broken';
  }
  if (typeof value === 'number' && typeof wanted === 'number')
    return nearly(value, wanted) ? 'kept' : 'broken';
  if (typeof value !== 'string' || typeof wanted !== 'string') return 'undecidable';
  const [a, b] = [plain(value), plain(wanted)];
  if (a === b) return 'kept';
  if (!given.closed || a === '' || b === '') return 'undecidable';
  return a.includes(b) || b.includes(a) ? 'undecidable' : 'broken';
}

/** Small letters, with what joins words made a space: `Non-glare` and `non_glare` are one. */
export function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, ' ')
    .trim();
}
