import { usd } from '../../../synth/summary.ts';
import { dataTable } from '../data-table.ts';
import { html } from '../markup.ts';
import type { RunReport } from '../run-report.ts';
import { count, share } from '../words.ts';
import type { Section } from './section.ts';

type Bill = RunReport['bill']['total'];

/** Tokens, money and seconds by stage. */
export function costSection({ bill }: RunReport): Section {
  const { stages, total, per_accepted: per, unaccounted_usd: unaccounted } = bill;
  const tokens = total.prompt_tokens + total.completion_tokens;
  const line = (stage: string, endpoint: string, one: Bill) => [
    stage,
    endpoint,
    one.requests,
    one.reused,
    one.prompt_tokens,
    one.cached_tokens,
    one.completion_tokens,
    share(one.prompt_tokens + one.completion_tokens, tokens),
    total.cost_usd === 0 ? '–' : usd(one.cost_usd),
    one.seconds.toFixed(1),
  ];
  const table = dataTable({
    label: 'Bill by stage',
    head: [
      'stage',
      'endpoint',
      'requests',
      'reused',
      'prompt tokens',
      'of these cached',
      'completion tokens',
      'share',
      'USD',
      'seconds',
    ],
    rows: stages.map((entry) => line(entry.stage, entry.endpoint, entry.bill)),
    foot: line('total', '', total),
  });
  return {
    id: 'cost',
    title: 'Cost',
    body: html`${stages.length === 0 ? html`<p class="empty">No request was answered.</p>` : table}
${per === null ? null : html`<p>Per accepted trajectory: <b>${count(per.tokens)}</b> tokens${total.cost_usd === 0 ? null : html`, <b>${usd(per.usd)}</b> USD`}. Everything is in it, rejected candidates too.</p>`}
${total.cost_usd === 0 && stages.length > 0 ? html`<p class="hint">The endpoints have no prices, so nothing is counted in USD.</p>` : null}
${unaccounted > 0.000_05 ? html`<p class="notice">Counted as spent beside this, for requests without a known answer: ${usd(unaccounted)} USD.</p>` : null}`,
  };
}
