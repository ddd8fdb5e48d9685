import { FACETS, type Facet } from './facets.ts';
import type { RowIndex } from './row-index.ts';

/** How a person marked a row. */
export const MARKED = ['accept', 'reject', 'comment', 'none'] as const;
export type Marked = (typeof MARKED)[number];

/** The values that are chosen of each facet; a row must have one of each facet where some are. */
export interface Choice {
  facets: ReadonlyMap<Facet, ReadonlySet<string>>;
  marked: ReadonlySet<Marked>;
}

/** How many rows a value would leave, given what is chosen of the other facets. */
export interface Counts {
  facets: Record<Facet, Uint32Array>;
  marked: Map<Marked, number>;
}

/**
 * The rows that a choice leaves, in their order, and the counts of all values: one pass over the typed arrays. A value
 * of a facet is counted as if nothing were chosen of that facet itself.
 * @param markedOf how a row is marked
 */
export function selectRows(
  index: RowIndex,
  { facets, marked }: Choice,
  markedOf: (row: number) => Marked,
): { rows: Uint32Array; counts: Counts } {
  const columns = FACETS.map((facet) => columnOf(index, facet, facets.get(facet)));
  const asked = columns.filter(({ wanted }) => wanted !== null);
  const markCounts = new Map<Marked, number>(MARKED.map((one) => [one, 0]));
  const rows = new Uint32Array(index.rows);
  let found = 0;
  for (let row = 0; row < rows.length; row += 1) {
    const isMarked = markedOf(row);
    const misses = marked.size > 0 && !marked.has(isMarked) ? 1 : 0;
    const [missed, missing] = firstMiss(asked, row);
    if (misses + missed > 1) continue;
    if (misses === 0 && missed === 0) {
      rows[found] = row;
      found += 1;
      for (const column of columns) countRow(column, row);
    } else if (missing !== null) countRow(missing, row);
    if (missed === 0) markCounts.set(isMarked, (markCounts.get(isMarked) ?? 0) + 1);
  }
  const counts = Object.fromEntries(
    columns.map(({ facet, counts: numbers }) => [facet, numbers]),
  ) as Counts['facets']; // fromEntries forgets which keys there are.
  return { rows: rows.slice(0, found), counts: { facets: counts, marked: markCounts } };
}

interface Column {
  facet: Facet;
  ends: Uint32Array;
  values: Uint32Array;
  /** By number of the value: 1 where it is chosen; null where nothing of the facet is. */
  wanted: Uint8Array | null;
  counts: Uint32Array;
}

function columnOf(index: RowIndex, facet: Facet, chosen: ReadonlySet<string> | undefined): Column {
  const { names, ends, values } = index.columns[facet];
  const counts = new Uint32Array(names.list.length);
  const column = { facet, ends: ends.view(), values: values.view(), wanted: null, counts };
  if (chosen === undefined || chosen.size === 0) return column;
  const wanted = new Uint8Array(names.list.length);
  for (const name of chosen) {
    const number = names.numberOf(name);
    if (number !== undefined) wanted[number] = 1;
  }
  return { ...column, wanted };
}

/** How many facets leave the row out (2 stands for more), and which one where it is one. */
function firstMiss(asked: readonly Column[], row: number): [number, Column | null] {
  let missing: Column | null = null;
  for (const column of asked) {
    if (has(column, row)) continue;
    if (missing !== null) return [2, null];
    missing = column;
  }
  return [missing === null ? 0 : 1, missing];
}

function has({ ends, values, wanted }: Column, row: number): boolean {
  const end = ends[row] ?? 0;
  for (let at = row === 0 ? 0 : (ends[row - 1] ?? 0); at < end; at += 1)
    if (wanted?.[values[at] ?? 0] === 1) return true;
  return false;
}

function countRow({ ends, values, counts }: Column, row: number): void {
  const end = ends[row] ?? 0;
  for (let at = row === 0 ? 0 : (ends[row - 1] ?? 0); at < end; at += 1) {
    const number = values[at] ?? 0;
    counts[number] = (counts[number] ?? 0) + 1;
  }
}
