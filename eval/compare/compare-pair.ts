import type { PairedSums } from '../../core/stats/bootstrap.ts';
import { type Pair, type View, ViewName } from './comparison.ts';
import { ROWS_FOR_TOKENS, TOKENS_FOR_ROWS } from './cost-measures.ts';
import { type DrawSettings, differencesOf } from './differences.ts';
import { diversityOf } from './diversity.ts';
import type { RatioMeasure } from './measure.ts';
import { ratioMeasures } from './measures.ts';
import type { Method } from './method.ts';
import { pairNotes } from './pair-notes.ts';
import type { RunTable } from './run-table.ts';
import { type Selection, type SharedPassages, selectionsOf, sharedPassages } from './selection.ts';
import { pairedSums } from './unit-sums.ts';

/** Compares two methods on the passages that both have brought to an end. */
export function comparePair(a: Method, b: Method, draw: DrawSettings): Pair {
  const shared = sharedPassages(a, b, draw.seed);
  const { ids, onlyA, onlyB, otherText } = shared;
  return {
    a: a.name,
    b: b.name,
    offline: [...a.runs, ...b.runs].some(({ manifest }) => manifest.offline),
    passages: { shared: ids.length, only_a: onlyA, only_b: onlyB, other_text: otherText },
    views: ViewName.options.flatMap((name) => viewOf(name, [a, b], shared, draw) ?? []),
    preference: null,
    notes: pairNotes(a, b, shared),
  };
}

function viewOf(
  name: ViewName,
  methods: readonly [Method, Method],
  { ids }: SharedPassages,
  draw: DrawSettings,
): View | undefined {
  if (ids.length === 0) return undefined;
  const selections = selectionsOf(name, methods, ids);
  if (selections === undefined) return undefined;
  const passages = [selections[0].passages, selections[1].passages] as const;
  const measures = measuresOf(name, methods);
  const sums = pairedSums(measures, methods, passages, ids);
  const bought = boughtFor(name, selections);
  if (bought !== undefined) {
    const whole = [ids.length, ids.length] as const;
    measures.unshift(bought.measure);
    sums.unshift(...pairedSums([bought.measure], methods, whole, ids).map(bought.scaled));
  }
  const differences = differencesOf(measures, sums, draw).filter(
    ({ a, b, group, differing }) =>
      (a !== null || b !== null) &&
      !(differing === 0 && a === 0 && b === 0 && SILENT_WHEN_NONE.has(group)),
  );
  // More rows have more different words: sets are only compared where they are of one size.
  const diversity = name === 'equal_passages' ? [] : diversityOf(methods, passages, ids, draw);
  return {
    name,
    a: extentOf(selections[0]),
    b: extentOf(selections[1]),
    differences: [...differences, ...diversity],
  };
}

const SILENT_WHEN_NONE: ReadonlySet<string> = new Set(['funnel', 'findings', 'patterns', 'cost']);

const MEANS: ReadonlySet<string> = new Set(['shape', 'patterns']);

const extentOf = ({ passages, rows, tokens }: Selection) => ({ passages, rows, tokens });

/**
 * What the same rows cost, or the same tokens buy: the rate over all shared passages, whose spread is known, times the
 * rows or tokens.
 */
function boughtFor(
  view: ViewName,
  [a, b]: readonly [Selection, Selection],
): { measure: RatioMeasure; scaled: (sums: PairedSums) => PairedSums } | undefined {
  if (view === 'equal_passages' || a.tokens === null || b.tokens === null) return undefined;
  const times = view === 'equal_rows' ? Math.min(a.rows, b.rows) : Math.min(a.tokens, b.tokens);
  const scaled = ({ aNumerator, bNumerator, ...denominators }: PairedSums) => ({
    ...denominators,
    aNumerator: aNumerator.map((value) => value * times),
    bNumerator: bNumerator.map((value) => value * times),
  });
  return { measure: view === 'equal_rows' ? TOKENS_FOR_ROWS : ROWS_FOR_TOKENS, scaled };
}

/** The measures that both methods have; where their passages are not the same, only those of rows that came through. */
function measuresOf(view: ViewName, methods: readonly Method[]): RatioMeasure[] {
  const runs = methods.flatMap((method) => method.runs);
  const codes = new Set(runs.flatMap(({ rows }) => rows.columns.names));
  return ratioMeasures([...codes]).filter(({ needs, denominator, numerator, group }) => {
    if (needs !== undefined && !runs.every((run) => has(run, needs))) return false;
    if (view === 'equal_passages') return true;
    // Means are what they are at equal passages; only what depends on how many there are is worth another look.
    return denominator.of === 'passed' && numerator.of === 'passed' && !MEANS.has(group);
  });
}

function has(run: RunTable, needed: NonNullable<RatioMeasure['needs']>): boolean {
  if (needed === 'costs') return run.hasCosts;
  if (needed === 'gpus') return run.gpus !== null;
  if (needed === 'prices') return run.passages.columns.total('usd') > 0;
  return run.manifest.ablation[needed];
}
