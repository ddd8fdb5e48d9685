import { usd } from '../../../synth/summary.ts';
import { disagreement } from '../sections/overview.ts';
import { count, duration, share } from '../words.ts';
import type { ExperimentReport, NamedReport } from './experiment-report.ts';
import type { ExperimentPart } from './part.ts';

/** The runs beside each other: what each was, and what came of it. */
export function runsPart({ runs }: ExperimentReport): ExperimentPart[] {
  if (runs.length === 0) return [];
  const rows = FACTS.map(([title, fact]) => [title, ...runs.map(fact)]);
  const stale = runs.flatMap(({ name, report }) => {
    const text = disagreement(report);
    return text === undefined ? [] : [`${name}: ${text}`];
  });
  const isReused = runs.some(({ report }) => report.bill.total.reused > 0);
  const isMixed = new Set(runs.map(({ report }) => passagesOf(report))).size > 1;
  return [
    {
      id: 'runs',
      title: 'The runs',
      blocks: [
        ...(isMixed
          ? [
              {
                kind: 'text' as const,
                text: 'The runs read different numbers of passages: shares beside each other are no comparison. That is made below, on what they share.',
              },
            ]
          : []),
        { kind: 'table', rows: [['', ...runs.map(({ name }) => name)], ...rows] },
        ...(isReused
          ? [
              {
                kind: 'text' as const,
                text: 'Answers of other runs were reused and not paid again: what each run would have taken alone stands in the comparison.',
              },
            ]
          : []),
        ...(stale.length === 0 ? [] : [{ kind: 'list' as const, items: stale }]),
      ],
    },
  ];
}

const passagesOf = ({ funnel }: NamedReport['report']): number =>
  funnel.find(({ key }) => key === 'passages')?.count ?? 0;

const FACTS: [string, (run: NamedReport) => string][] = [
  ['folder', ({ place }) => place],
  [
    'state',
    ({ report: { run } }) => `${run.state}${run.message === null ? '' : ` (${run.message})`}`,
  ],
  ['method', ({ report: { run } }) => [run.method, ...offStages(run.ablation)].join(', ')],
  ['models', ({ report: { run } }) => modelsOf(run.stages)],
  ['gate', ({ report: { run } }) => (run.ablation.check ? (run.gate ?? '–') : '–')],
  ['seed', ({ report: { run } }) => String(run.seed ?? '–')],
  ['passages', ({ report }) => count(passagesOf(report))],
  ['accepted', ({ report: { rows } }) => count(rows.accepted)],
  ['surplus', ({ report: { rows } }) => count(rows.surplus)],
  ['rejected', ({ report: { rows } }) => count(rows.rejected)],
  [
    'accepted and surplus, of rows',
    ({ report: { rows } }) => {
      const passed = rows.accepted + rows.surplus;
      return share(passed, passed + rows.rejected);
    },
  ],
  ['tokens paid, per accepted', ({ report: { bill } }) => numberOr(bill.per_accepted?.tokens)],
  [
    'USD paid, per accepted',
    ({ report: { bill } }) =>
      bill.per_accepted === null || bill.total.cost_usd === 0 ? '–' : usd(bill.per_accepted.usd),
  ],
  ['time', ({ report: { run } }) => duration(run.seconds)],
];

function offStages(ablation: NamedReport['report']['run']['ablation']): string[] {
  return Object.entries(ablation).flatMap(([stage, on]) => (on ? [] : [`no ${stage}`]));
}

function modelsOf(stages: NamedReport['report']['run']['stages']): string {
  return [...new Set(stages.map(({ model }) => model))].join(', ') || '–';
}

function numberOr(value: number | undefined): string {
  return value === undefined ? '–' : count(value);
}
