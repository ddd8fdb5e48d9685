import type { ViewName } from './comparison.ts';
import type { Method } from './method.ts';
import { rankOf } from './rank.ts';
import { ROWS } from './row-measures.ts';
import type { RunTable } from './run-table.ts';

/** Passages that both methods have brought to an end, in the seeded order, and those that they have not. */
export interface SharedPassages {
  ids: string[];
  onlyA: number;
  onlyB: number;
  /** Left out: the same id stands for another text in the other run. */
  otherText: number;
}

/** The passages that all runs of two methods have brought to an end with the same text. */
export function sharedPassages(a: Method, b: Method, seed: number): SharedPassages {
  const [first, ...others] = [...a.runs, ...b.runs];
  const inAll = (runs: readonly RunTable[], id: string) =>
    runs.every(({ passages }) => passages.indexOf(id) !== undefined);
  const ended = (first?.passages.ids ?? []).filter((id) => inAll(others, id));
  const same = ended.filter((id) => textsOf([...a.runs, ...b.runs], id).size <= 1);
  const ranked = same.map((id) => ({ id, rank: rankOf(id, seed) }));
  return {
    ids: ranked.sort((one, other) => one.rank - other.rank).map(({ id }) => id),
    onlyA: (a.runs[0]?.passages.ids ?? []).filter((id) => !inAll(b.runs, id)).length,
    onlyB: (b.runs[0]?.passages.ids ?? []).filter((id) => !inAll(a.runs, id)).length,
    otherText: ended.length - same.length,
  };
}

function textsOf(runs: readonly RunTable[], id: string): Set<string> {
  const hashes = runs.map(({ passages, texts }) => texts.get(passages.indexOf(id) ?? -1));
  return new Set(hashes.filter((hash) => hash !== undefined));
}

/** What of a method is looked at: the first so many of the shared passages, with the rows that came through. */
export interface Selection {
  passages: number;
  rows: number;
  /** What the passages took; null where a run has no journal. */
  tokens: number | null;
}

/**
 * What of A and B each view looks at; undefined where it cannot be had. For equal rows, and for equal tokens, each
 * takes passages in the seeded order until it has as many as the poorer one has of all.
 */
export function selectionsOf(
  view: ViewName,
  [a, b]: readonly [Method, Method],
  shared: readonly string[],
): [Selection, Selection] | undefined {
  const [stepsA, stepsB] = [stepsOf(a, shared), stepsOf(b, shared)];
  const [wholeA, wholeB] = [last(stepsA), last(stepsB)];
  if (view === 'equal_passages') return [wholeA, wholeB];
  if (view === 'equal_rows') {
    const rows = Math.min(wholeA.rows, wholeB.rows);
    if (rows === 0) return undefined;
    const enough = (step: Selection) => step.rows >= rows;
    return [stepsA.find(enough) ?? wholeA, stepsB.find(enough) ?? wholeB];
  }
  const budget = Math.min(wholeA.tokens ?? 0, wholeB.tokens ?? 0);
  if (budget === 0) return undefined;
  const paid = (step: Selection) => (step.tokens ?? 0) <= budget;
  return [stepsA.findLast(paid) ?? wholeA, stepsB.findLast(paid) ?? wholeB];
}

/** What a method has after each of the shared passages, in their order; the first has none. */
function stepsOf({ runs }: Method, shared: readonly string[]): Selection[] {
  const hasCosts = runs.every((run) => run.hasCosts);
  const passed = runs.map(passedRows);
  const steps: Selection[] = [{ passages: 0, rows: 0, tokens: hasCosts ? 0 : null }];
  let [rows, tokens] = [0, 0];
  for (const [index, id] of shared.entries()) {
    for (const [run, { passages }] of runs.entries()) {
      const passage = passages.indexOf(id) ?? -1;
      rows += passed[run]?.get(passage) ?? 0;
      tokens += passages.columns.get('tokens', passage);
    }
    steps.push({ passages: index + 1, rows, tokens: hasCosts ? tokens : null });
  }
  return steps;
}

function last(steps: readonly Selection[]): Selection {
  return steps.at(-1) ?? { passages: 0, rows: 0, tokens: null };
}

/** Rows that came through, by passage. */
function passedRows({ rows }: RunTable): Map<number, number> {
  const counts = new Map<number, number>();
  for (const [index, passage] of rows.passage.entries()) {
    if (((rows.kinds[index] ?? 0) & ROWS.passed) === 0) continue;
    counts.set(passage, (counts.get(passage) ?? 0) + 1);
  }
  return counts;
}
