import type { PairedSums } from '../../core/stats/bootstrap.ts';
import type { RatioMeasure, Term } from './measure.ts';
import type { Method } from './method.ts';
import { ROWS } from './row-measures.ts';
import type { RunTable } from './run-table.ts';

/** Most units that are drawn: more passages are put together in as many random groups, which tells the spread as well. */
const MOST_UNITS = 2000;

/** How many units a number of passages makes. */
export function unitsOf(passages: number): number {
  return Math.min(passages, MOST_UNITS);
}

/** Sums of all measures by unit, of A's first passages and of B's. The passages are in a random order. */
export function pairedSums(
  measures: readonly RatioMeasure[],
  [a, b]: readonly [Method, Method],
  [passagesA, passagesB]: readonly [number, number],
  shared: readonly string[],
): PairedSums[] {
  const units = unitsOf(Math.max(passagesA, passagesB));
  const ofA = new MethodSums(a, shared.slice(0, passagesA), units);
  const ofB = new MethodSums(b, shared.slice(0, passagesB), units);
  return measures.map(({ numerator, denominator }) => ({
    aNumerator: ofA.sums(numerator),
    aDenominator: ofA.sums(denominator),
    bNumerator: ofB.sums(numerator),
    bDenominator: ofB.sums(denominator),
  }));
}

/** A method's sums by unit; each is added up once, since most measures share their denominator. */
class MethodSums {
  readonly #units: number;
  readonly #runs: { table: RunTable; unitOf: Int32Array }[];
  readonly #known = new Map<string, Float64Array>();

  constructor({ runs }: Method, passages: readonly string[], units: number) {
    this.#units = units;
    this.#runs = runs.map((table) => ({ table, unitOf: unitsByPassage(table, passages, units) }));
  }

  sums(term: Term): Float64Array {
    const key = `${term.of} ${term.column}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const sums = new Float64Array(this.#units);
    for (const { table, unitOf } of this.#runs) addTerm(sums, term, table, unitOf);
    this.#known.set(key, sums);
    return sums;
  }
}

/** The unit of each passage of a run; -1 where it is not looked at. */
function unitsByPassage(
  { passages }: RunTable,
  chosen: readonly string[],
  units: number,
): Int32Array {
  const unitOf = new Int32Array(passages.ids.length).fill(-1);
  for (const [index, id] of chosen.entries()) {
    const passage = passages.indexOf(id);
    if (passage !== undefined) unitOf[passage] = index % units;
  }
  return unitOf;
}

function addTerm(
  sums: Float64Array,
  { of, column }: Term,
  { passages, rows }: RunTable,
  unitOf: Int32Array,
): void {
  const add = (unit: number | undefined, value: number) => {
    if (unit !== undefined && unit >= 0) sums[unit] = (sums[unit] ?? 0) + value;
  };
  if (of === 'passages') {
    for (const [passage, unit] of unitOf.entries())
      add(unit, column === 'one' ? 1 : passages.columns.get(column, passage));
    return;
  }
  for (const [row, passage] of rows.passage.entries()) {
    if (((rows.kinds[row] ?? 0) & ROWS[of]) === 0) continue;
    add(unitOf[passage], column === 'one' ? 1 : rows.columns.get(column, row));
  }
}
