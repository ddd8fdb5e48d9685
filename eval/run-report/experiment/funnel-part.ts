import type { Block } from '../../compare/block.ts';
import { html } from '../markup.ts';
import { FUNNEL_HINT, funnelBars } from '../sections/funnel.ts';
import { count, share } from '../words.ts';
import type { ExperimentReport, NamedReport } from './experiment-report.ts';
import type { ExperimentPart } from './part.ts';

/** How many came how far in each run; bars on the page, tables in Markdown. */
export function funnelPart({ runs }: ExperimentReport): ExperimentPart[] {
  if (runs.length === 0) return [];
  return [
    {
      id: 'funnel',
      title: runs.length === 1 ? 'Funnel' : 'Funnels',
      blocks: runs.flatMap(funnelTable),
      page: html`<p class="hint">${FUNNEL_HINT}</p>${runs.map(({ name, report }) => html`<h3>${name}</h3>${funnelBars(report)}`)}`,
      isDrawn: true,
    },
  ];
}

function funnelTable({ name, report: { funnel, failed_passages: failed } }: NamedReport): Block[] {
  const rows = funnel.map(({ label, count: here, lost }, index) => [
    label,
    count(here),
    index === 0 ? '' : share(here, funnel[index - 1]?.count ?? 0),
    lost.map((loss) => `${loss.label} ${count(loss.count)}`).join(', '),
  ]);
  return [
    { kind: 'title', level: 3, text: name },
    { kind: 'table', rows: [['station', 'count', 'of the one before', 'fell away'], ...rows] },
    ...(failed === 0
      ? []
      : [
          {
            kind: 'text' as const,
            text: `${count(failed)} passages got no answer from the server and will be tried again when the run goes on.`,
          },
        ]),
  ];
}
