import type { Block, Extent } from './block.ts';
import type { RunFigures } from './comparison.ts';
import { figure } from './figures.ts';
import { SHAPE_TITLES } from './measures.ts';
import { ShapeName } from './shape.ts';

/** The runs beside each other, each over all of its own passages. */
export function runBlocks(runs: readonly RunFigures[], { fold = false }: Extent): Block[] {
  if (runs.length === 0) return [];
  const figures = [['', ...runs.map(({ name }) => name)], ...factRows(runs), ...measureRows(runs)];
  const titled = (level: 2 | 3, title: string, rows: string[][]): Block[] =>
    fold
      ? [{ kind: 'fold', title, blocks: [{ kind: 'table', rows }] }]
      : [
          { kind: 'title', level, text: title },
          { kind: 'table', rows },
        ];
  return [
    ...titled(2, 'The runs, each over all its passages', figures),
    ...titled(
      3,
      "Shape of accepted trajectories beside the paper's (GEM, Table 5 and Figure 7)",
      shapeRows(runs),
    ),
  ];
}

function factRows(runs: readonly RunFigures[]): string[][] {
  const off = ({ ablation }: RunFigures) =>
    Object.entries(ablation).flatMap(([stage, on]) => (on ? [] : [`no ${stage}`]));
  const facts: [string, (run: RunFigures) => string][] = [
    ['method', (run) => [run.method, ...off(run)].join(', ')],
    ['gate, seed', ({ gate, seed }) => `${gate ?? '–'}, ${seed ?? '–'}`],
    ['passages ended', ({ passages }) => passages.toLocaleString('en-US')],
    ['candidates', ({ rows }) => rows.candidates.toLocaleString('en-US')],
    ['accepted (surplus included)', ({ rows }) => rows.passed.toLocaleString('en-US')],
  ];
  return facts.map(([title, fact]) => [title, ...runs.map(fact)]);
}

/** Shape has a table of its own. */
const SHOWN: ReadonlySet<string> = new Set([
  'yield',
  'judge',
  'checks',
  'patterns',
  'cost',
  'memorisation',
]);

function measureRows(runs: readonly RunFigures[]): string[][] {
  const measures = new Map(
    runs.flatMap(({ measures: own }) => own.map((measure) => [measure.name, measure] as const)),
  );
  return [...measures.values()]
    .filter(({ group }) => SHOWN.has(group))
    .map(({ name, title, unit }) => {
      const values = runs.map(({ measures: own }) => own.find((one) => one.name === name)?.value);
      return { title, values, unit };
    })
    .filter(({ values }) => values.some((value) => value !== undefined && value !== 0))
    .map(({ title, values, unit }) => [
      title,
      ...values.map((value) => figure(value ?? null, unit)),
    ]);
}

function shapeRows(runs: readonly RunFigures[]): string[][] {
  const head = [
    '',
    'run',
    'mean',
    'median',
    'p5',
    'p25',
    'p75',
    'p95',
    'max',
    "paper's mean (median)",
  ];
  const rows = ShapeName.options.flatMap((name) =>
    runs.flatMap((run) => {
      const found = run.distributions.find((one) => one.name === name);
      if (found === undefined) return [];
      const { mean, median, p5, p25, p75, p95, max, paper } = found;
      const figures = [mean, median, p5, p25, p75, p95, max].map((value) =>
        figure(value, 'number'),
      );
      return [[SHAPE_TITLES[name], run.name, ...figures, paperWords(paper)]];
    }),
  );
  return [head, ...rows];
}

function paperWords(paper: RunFigures['distributions'][number]['paper']): string {
  if (paper === null) return '–';
  return paper.median === null ? String(paper.mean) : `${paper.mean} (${paper.median})`;
}
