import { usd } from '../../../synth/summary.ts';
import { html, type Markup } from '../markup.ts';
import { compact, count, counted, duration, OFFLINE_NOTICE } from '../words.ts';
import type { ExperimentReport } from './experiment-report.ts';

/** The head of the page: what was put together, and the figures that matter most. */
export function experimentHead(report: ExperimentReport): Markup {
  const offline = offlineWords(report);
  return html`<header class="masthead">
<p class="kicker">gem-traj report</p>
<h1>${report.name}</h1>
<p class="lede">${contentsOf(report)}</p>
${offline === undefined ? null : html`<p class="banner" role="note"><strong>Offline teacher.</strong> ${OFFLINE_NOTICE} ${offline}</p>`}
${report.notes.map((note) => html`<p class="notice" role="note">${note}</p>`)}
<dl class="facts">${factsOf(report).map(([term, value, remark]) => html`<div><dt>${term}</dt><dd>${value}</dd><dd class="remark">${remark}</dd></div>`)}</dl>
</header>`;
}

/** What was put together, as a sentence. */
export function contentsOf(report: ExperimentReport): string {
  const { runs, ablations, comparisons, datasets, trainings, benchmarks } = report;
  const parts: [number, string, string?][] = [
    [runs.length, 'run'],
    [ablations.length, 'ablation'],
    [comparisons.length, 'comparison'],
    [datasets.length, 'dataset'],
    [trainings.length, 'training'],
    [benchmarks.length, 'benchmark of a checkpoint', 'benchmarks of checkpoints'],
  ];
  const named = parts
    .filter(([number]) => number > 0)
    .map(([number, ...words]) => counted(number, ...words));
  return `${named.join(', ')}.`;
}

/** What of it the offline teacher made; undefined where nothing. */
export function offlineWords({
  runs,
  comparisons,
  datasets,
  trainings,
}: ExperimentReport): string | undefined {
  const made = [
    ...runs.filter(({ report }) => report.run.offline).map(({ name }) => name),
    ...datasets.filter(({ offline }) => offline).map(({ name }) => `dataset ${name}`),
    ...trainings.filter(({ dataset }) => dataset.offline).map(({ name }) => `training ${name}`),
    ...comparisons
      .flatMap(({ comparison }) => comparison.runs)
      .filter(({ offline }) => offline)
      .map(({ name }) => name),
  ];
  return made.length === 0 ? undefined : `Made by it: ${[...new Set(made)].join(', ')}.`;
}

function factsOf(report: ExperimentReport): [string, string, string][] {
  const { runs, datasets, trainings, benchmarks } = report;
  const sum = (value: (run: (typeof runs)[number]['report']) => number) =>
    runs.reduce((total, run) => total + value(run.report), 0);
  const cost = sum(({ bill }) => bill.total.cost_usd);
  const tokens = sum(({ bill }) => bill.total.prompt_tokens + bill.total.completion_tokens);
  const facts: [string, string, string][] = [];
  if (runs.length > 0)
    facts.push(
      ['Accepted', count(sum(({ rows }) => rows.accepted)), `in ${counted(runs.length, 'run')}`],
      ['Tokens', compact(tokens), 'of all runs'],
      ['Cost', cost === 0 ? '–' : `$${usd(cost)}`, cost === 0 ? 'no prices given' : 'of all runs'],
      ['Time', duration(sum(({ run }) => run.seconds)), 'of all runs, one after another'],
    );
  for (const { kept, name } of datasets.slice(0, 2))
    facts.push(['Dataset rows', count(kept), name]);
  for (const { last, name } of trainings.slice(0, 2))
    facts.push(['Training loss', last?.loss?.toFixed(3) ?? '–', `the last of ${name}`]);
  if (benchmarks.length > 0)
    facts.push([
      'Benchmarks',
      count(benchmarks.filter(({ state }) => state === 'finished').length),
      `finished, of ${count(benchmarks.length)}`,
    ]);
  return facts;
}
