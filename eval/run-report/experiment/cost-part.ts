import { usd } from '../../../synth/summary.ts';
import { html } from '../markup.ts';
import { costSection } from '../sections/cost.ts';
import { count } from '../words.ts';
import type { ExperimentReport, NamedReport } from './experiment-report.ts';
import type { ExperimentPart } from './part.ts';

/** What each run took; by stage in a fold. */
export function costPart({ runs }: ExperimentReport): ExperimentPart[] {
  if (runs.length === 0) return [];
  const folds = runs.map(
    ({ name, report }) =>
      html`<details class="more"><summary>${name} by stage</summary>${costSection(report).body}</details>`,
  );
  return [
    {
      id: 'cost',
      title: 'Cost',
      blocks: [
        { kind: 'table', rows: [HEAD, ...runs.map(costRow)] },
        {
          kind: 'text',
          text: 'Everything is in it, rejected candidates too. Reused are answers of another run that were not paid again: tokens and USD are of what this run paid.',
        },
      ],
      page: html`${folds}`,
    },
  ];
}

const HEAD = [
  'run',
  'requests',
  'reused',
  'prompt tokens',
  'of these cached',
  'completion tokens',
  'USD',
  'seconds of requests',
  'tokens paid, per accepted',
  'USD paid, per accepted',
];

function costRow({ name, report: { bill } }: NamedReport): string[] {
  const { total, per_accepted: per } = bill;
  const money = (amount: number | undefined) =>
    amount === undefined || total.cost_usd === 0 ? '–' : usd(amount);
  return [
    name,
    ...[
      total.requests,
      total.reused,
      total.prompt_tokens,
      total.cached_tokens,
      total.completion_tokens,
    ].map(count),
    money(total.cost_usd),
    count(total.seconds),
    per === null ? '–' : count(per.tokens),
    money(per?.usd),
  ];
}
