import { PAPER_RESULTS, PAPER_TASKS, type PaperRow } from '../benchmarks/paper-results.ts';
import type { Block } from '../compare/block.ts';

/** The paper's rows of its ablation, by the variants here that they stand beside. */
const ROWS: readonly [size: string, model: string, variant: string][] = [
  ['8B', '8B GEM', 'full'],
  ['8B', '8B GEM, no refine', 'no-refine'],
  ['8B', '8B GEM, no judge', 'no-judge'],
  ['8B', '8B synthesizer (Ultra-FineWeb)', 'synthesizer'],
  ['8B', '8B synthesizer (wikiHow)', 'synthesizer'],
  ['32B', '32B GEM', 'full'],
  ['32B', '32B GEM, no refine', 'no-refine'],
  ['32B', '32B GEM, no judge', 'no-judge'],
];

/** Tasks behind BFCL's overall figure: four columns; those of tau2 were tried four times each. */
const COLUMNS: readonly [group: string, name: string, title: string, tasks: number][] = [
  ['BFCL', 'overall', 'BFCL overall', 4 * tasksOf('BFCL')],
  ['airline', 'Avg@4', 'airline Avg@4', tasksOf('airline')],
  ['retail', 'Avg@4', 'retail Avg@4', tasksOf('retail')],
];

/**
 * What the paper measured of its variants: the scores of models trained on each one's data, with the differences from
 * the whole pipeline and whether so many tasks can show them.
 * @param variants those that are in the ablation
 */
export function paperAblationBlocks(variants: ReadonlySet<string>): Block[] {
  const rows = ROWS.filter(([, , variant]) => variants.has(variant)).map(
    ([size, model, variant]) => [
      variant,
      `paper: ${model}`,
      ...COLUMNS.map((column) => cellOf(rowOf(model), rowOf(`${size} GEM`), column)),
    ],
  );
  if (rows.length === 0) return [];
  return [
    { kind: 'title', level: 2, text: "The paper's ablation (GEM, arXiv 2601.10355v1)" },
    { kind: 'table', rows: [['variant', '%', ...COLUMNS.map(([, , title]) => title)], ...rows] },
    {
      kind: 'text',
      text: 'The paper scores models that were trained on each variant; the figures above are of the data itself. In brackets: the difference from GEM in points, and whether it is beyond what so many tasks (800; 50; 114) show by chance, each task taken as independent, for the paper prints no spread. Scores of models trained on these runs stand beside these rows when the file names their folders under `scores`.',
    },
  ];
}

function cellOf(
  row: PaperRow,
  whole: PaperRow,
  [group, name, , tasks]: (typeof COLUMNS)[number],
): string {
  const [own, theirs] = [row.figures[group]?.[name], whole.figures[group]?.[name]];
  if (own === undefined || theirs === undefined) return '–';
  if (row === whole) return own.toFixed(2);
  const points = own - theirs;
  const sign = points < 0 ? '−' : '+';
  return `${own.toFixed(2)} (${sign}${Math.abs(points).toFixed(2)}, ${verdict(own, theirs, tasks)})`;
}

function verdict(a: number, b: number, tasks: number): string {
  const variance = (percent: number) => ((percent / 100) * (1 - percent / 100)) / tasks;
  const margin = 1.96 * 100 * Math.sqrt(variance(a) + variance(b));
  if (Math.abs(a - b) <= margin) return 'within noise';
  return a < b ? 'lower' : 'higher';
}

function rowOf(model: string): PaperRow {
  const row = PAPER_RESULTS.find((one) => one.model === model);
  if (row === undefined) throw new Error(`the paper's results have no row ${model}`);
  return row;
}

function tasksOf(group: string): number {
  return PAPER_TASKS[group] ?? Number.NaN;
}
