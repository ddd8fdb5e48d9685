import type { Block } from '../../compare/block.ts';
import { blockMarkup } from '../../compare/block-markup.ts';
import { html } from '../markup.ts';
import { count, counted } from '../words.ts';
import type { ExperimentReport } from './experiment-report.ts';
import { lossChart } from './loss-chart.ts';
import type { ExperimentPart } from './part.ts';
import type { Training } from './training.ts';

/** What was trained, on what, and how the loss went. */
export function trainingsPart({ trainings }: ExperimentReport): ExperimentPart[] {
  if (trainings.length === 0) return [];
  const charts = trainings
    .filter(({ points }) => points.length > 0)
    .map(
      (training) =>
        html`<figure><figcaption>Loss of ${training.name}</figcaption>${lossChart(training)}</figure>`,
    );
  return [
    {
      id: 'trainings',
      title: trainings.length === 1 ? 'Training' : 'Trainings',
      blocks: [{ kind: 'table', rows: factRows(trainings) }, ...trainings.flatMap(problemBlocks)],
      page: html`<div class="charts wide">${charts}</div>${trainings.map(pointTable)}`,
    },
  ];
}

const FACTS: [string, (training: Training) => string][] = [
  ['folder', ({ place }) => place],
  ['state', ({ state }) => state],
  ['trainer', ({ trainer, versions }) => named(trainer, versions[trainer])],
  ['model', ({ model }) => model],
  ['dataset', ({ dataset }) => `${dataset.name} (${dataset.task})`],
  ['rows', ({ dataset }) => count(dataset.rows)],
  ['tokens', ({ dataset }) => count(dataset.tokens)],
  [
    'steps',
    ({ steps }) => `${count(steps.done)}${steps.all === null ? '' : ` of ${count(steps.all)}`}`,
  ],
  ['begun or gone on with', ({ starts }) => counted(starts, 'time')],
  ['loss, first', ({ first }) => lossWords(first?.loss)],
  ['loss, last', ({ last }) => lossWords(last?.loss)],
  [
    'validation loss, lowest',
    ({ lowest_eval: lowest }) => lossWords(lowest?.eval_loss, lowest?.step),
  ],
  ['tokens a second', ({ tokens_per_second: speed }) => (speed === null ? '–' : count(speed))],
  ['most memory, GB', ({ peak_memory_gb: most }) => (most === null ? '–' : most.toFixed(1))],
  ['weights', ({ result }) => result ?? '–'],
];

function factRows(trainings: readonly Training[]): string[][] {
  return [
    ['', ...trainings.map(({ name }) => name)],
    ...FACTS.map(([title, fact]) => [title, ...trainings.map(fact)]),
  ];
}

function problemBlocks({ name, error, points }: Training): Block[] {
  const items = [
    ...(error === null ? [] : [`${name}: ${error}`]),
    ...(points.length === 0 ? [`${name}: no loss was logged.`] : []),
  ];
  return items.length === 0 ? [] : [{ kind: 'list', items }];
}

/** The curve in figures, for those who cannot see it. */
function pointTable({ name, points, logged }: Training) {
  if (points.length === 0) return null;
  const step = Math.max(1, (points.length - 1) / (SHOWN_POINTS - 1));
  const chosen = new Set(
    Array.from({ length: SHOWN_POINTS }, (_, index) =>
      Math.min(points.length - 1, Math.round(index * step)),
    ),
  );
  const rows = points
    .filter((_, index) => chosen.has(index))
    .map(({ step: at, loss, eval_loss: validated }) => [
      count(at),
      lossWords(loss),
      lossWords(validated),
    ]);
  return html`<details class="more"><summary>Figures of ${name}: ${counted(rows.length, 'point')} of ${count(logged)}</summary>${blockMarkup({ kind: 'table', rows: [['step', 'loss', 'validation loss'], ...rows] })}</details>`;
}

const SHOWN_POINTS = 20;

function lossWords(value: number | null | undefined, step?: number): string {
  if (value === null || value === undefined) return '–';
  return step === undefined ? value.toFixed(4) : `${value.toFixed(4)} (step ${count(step)})`;
}

function named(trainer: string, version: string | undefined): string {
  return version === undefined ? trainer : `${trainer} ${version}`;
}
