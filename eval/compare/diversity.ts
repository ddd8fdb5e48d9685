import { detectableDifference, type PairedSums } from '../../core/stats/bootstrap.ts';
import type { Difference } from './comparison.ts';
import { type DrawSettings, differencesOf } from './differences.ts';
import { GROUPS, jackknife } from './jackknife.ts';
import type { Method } from './method.ts';
import type { RunTable } from './run-table.ts';
import { referencesOf, selfBleu } from './self-bleu.ts';
import {
  EMBEDDING_SPREAD,
  type GroupedRow,
  MOST_SET_WORDS,
  SET_MEASURES,
  type SetMeasure,
} from './set-measures.ts';
import { unitsOf } from './unit-sums.ts';
import { verdictOf } from './verdict.ts';

/** How various the rows of A and B are, on samples of their first passages; empty where one has too few rows. */
export function diversityOf(
  [a, b]: readonly [Method, Method],
  [passagesA, passagesB]: readonly [number, number],
  shared: readonly string[],
  draw: DrawSettings,
): Difference[] {
  const places = new Map(shared.map((id, index) => [id, index]));
  const tags = tagsByPassage([...a.runs, ...b.runs]);
  const rowsA = sampledRows(a, places, passagesA).map(tags);
  const rowsB = sampledRows(b, places, passagesB).map(tags);
  const references = referencesOf(Math.min(rowsA.length, rowsB.length));
  if (references === 0) return [];
  const words = Math.min(MOST_SET_WORDS, wordsIn(rowsA), wordsIn(rowsB));
  const passages = new Set([...rowsA, ...rowsB].map(({ passage }) => passage)).size;
  return [
    ...[...SET_MEASURES, EMBEDDING_SPREAD]
      .filter(({ needs }) => needs === undefined || [...rowsA, ...rowsB].every(HAS[needs]))
      .map((measure) => setDifference(measure, rowsA, rowsB, words, passages)),
    bleuDifference(rowsA, rowsB, references, places, draw),
  ];
}

/** The sampled rows of a method's first passages, in the seeded order. */
function sampledRows(
  { runs }: Method,
  places: ReadonlyMap<string, number>,
  passages: number,
): GroupedRow[] {
  return runs
    .flatMap(({ sample }) => sample.rows())
    .flatMap((row) => {
      const place = places.get(row.passage) ?? Number.POSITIVE_INFINITY;
      return place < passages ? [{ ...row, group: place % GROUPS }] : [];
    })
    .sort((one, other) => one.rank - other.rank);
}

/** What a passage is about is the same for both: a synthesizer's rows, which do not say, take it from the others'. */
function tagsByPassage(runs: readonly RunTable[]): (row: GroupedRow) => GroupedRow {
  const known = new Map<string, Pick<GroupedRow, 'domains' | 'task'>>();
  for (const { sample } of runs)
    for (const { passage, domains, task } of sample.rows())
      if (task !== null) known.set(passage, { domains, task });
  return (row) => (row.task === null ? { ...row, ...known.get(row.passage) } : row);
}

const HAS: Record<NonNullable<SetMeasure['needs']>, (row: GroupedRow) => boolean> = {
  tags: ({ task }) => task !== null,
  vector: ({ vector }) => vector !== undefined,
};

function wordsIn(rows: readonly GroupedRow[]): number {
  return rows.reduce((sum, { words }) => sum + words.length, 0);
}

function setDifference(
  { estimates, name, title, unit, better }: SetMeasure,
  rowsA: readonly GroupedRow[],
  rowsB: readonly GroupedRow[],
  words: number,
  passages: number,
): Difference {
  const [a, b] = [estimates(rowsA, { words }), estimates(rowsB, { words })];
  const { standardError, ...interval } = jackknife(a, b);
  // Equal figures of different rows are no proof that nothing differs; those equal without each group are.
  const isEqual = interval.difference === 0 && standardError === 0;
  const differing = isEqual ? 0 : passages;
  const known = {
    ...interval,
    ...(passages < GROUPS ? { low: null, high: null } : {}),
    passages,
    differing,
  };
  return {
    group: 'diversity',
    name,
    title,
    unit,
    better,
    a: a.whole,
    b: b.whole,
    ...known,
    interval: 'jackknife',
    detectable: passages < GROUPS ? null : detectableDifference(standardError) || null,
    verdict: verdictOf(known),
  };
}

function bleuDifference(
  rowsA: readonly GroupedRow[],
  rowsB: readonly GroupedRow[],
  references: number,
  places: ReadonlyMap<string, number>,
  draw: DrawSettings,
): Difference {
  const units = unitsOf(places.size);
  const empty = () => new Float64Array(units);
  const sums: PairedSums = {
    aNumerator: empty(),
    aDenominator: empty(),
    bNumerator: empty(),
    bDenominator: empty(),
  };
  const add = (rows: readonly GroupedRow[], numerator: Float64Array, denominator: Float64Array) => {
    for (const { row, bleu } of selfBleu(rows, references)) {
      const unit = (places.get(row.passage) ?? 0) % units;
      numerator[unit] = (numerator[unit] ?? 0) + bleu;
      denominator[unit] = (denominator[unit] ?? 0) + 1;
    }
  };
  add(rowsA, sums.aNumerator, sums.aDenominator);
  add(rowsB, sums.bNumerator, sums.bDenominator);
  const measure = {
    group: 'diversity',
    name: 'self_bleu',
    title: `self-BLEU against ${references} rows`,
    unit: 'number',
    better: 'lower',
  } as const;
  const [difference] = differencesOf([measure], [sums], draw);
  if (difference === undefined) throw new Error('one measure has one difference');
  return difference;
}
