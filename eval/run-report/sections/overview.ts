import { usd } from '../../../synth/summary.ts';
import { html, type Markup } from '../markup.ts';
import type { RunReport } from '../run-report.ts';
import { compact, count, counted, duration, moment, OFFLINE_NOTICE, share } from '../words.ts';

/** The head of the page: which run, how it ended, and the few figures that matter most. */
export function overview(report: RunReport): Markup {
  const { run } = report;
  return html`<header class="masthead">
<p class="kicker">gem-traj run report</p>
<h1>${run.name}</h1>
<p class="lede"><span class="state ${run.state}">${run.state}</span>${run.message === null ? null : html` <span class="why">${run.message}</span>`}</p>
<p class="lede">${whatWasRun(report)}</p>
${run.offline ? html`<p class="banner" role="note"><strong>Offline teacher.</strong> ${OFFLINE_NOTICE}</p>` : null}
${staleNotice(report)}
<dl class="facts">${factsOf(report).map(([term, value, remark]) => html`<div><dt>${term}</dt><dd>${value}</dd><dd class="remark">${remark}</dd></div>`)}</dl>
</header>`;
}

/** What was run, as a sentence. */
export function whatWasRun({ run }: RunReport): string {
  const models = [...new Set(run.stages.map(({ model }) => model))];
  const off = Object.entries(run.ablation)
    .filter(([, on]) => !on)
    .map(([stage]) => stage);
  return [
    `Method ${run.method}`,
    run.teachers.length === 0 ? '' : `teacher ${run.teachers.join(', ')}`,
    models.length === 0 ? '' : `${models.length === 1 ? 'model' : 'models'} ${models.join(', ')}`,
    off.length === 0 ? 'every stage on' : `without ${off.join(', ')}`,
    run.gate === null || !run.ablation.check ? '' : `gate ${run.gate}`,
    run.seed === null ? '' : `seed ${run.seed}`,
    `begun ${moment(run.started_at)}`,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

/** Said where the manifest and the row files do not agree; undefined where they do. */
export function disagreement({ funnel, rows, run }: RunReport): string | undefined {
  const accepted = funnel.find(({ key }) => key === 'accepted')?.count ?? 0;
  if (accepted === rows.accepted) return undefined;
  const why =
    run.state === 'running'
      ? 'the run was under way (or was killed) when this was written'
      : 'a row file was changed by hand, or rows came after the manifest was written';
  return `The files hold ${counted(rows.accepted, 'accepted row')}, the manifest counts ${count(accepted)}: ${why}.`;
}

function staleNotice(report: RunReport): Markup | null {
  const text = disagreement(report);
  return text === undefined ? null : html`<p class="notice" role="note">${text}</p>`;
}

/** Term, value and remark of the figures at the top. */
export function factsOf({ rows, funnel, bill, run }: RunReport): [string, string, string][] {
  const passages = funnel.find(({ key }) => key === 'passages')?.count ?? 0;
  const tokens = bill.total.prompt_tokens + bill.total.completion_tokens;
  const paid = bill.total.cost_usd > 0;
  return [
    [
      'Accepted',
      count(rows.accepted),
      rows.surplus === 0
        ? `of ${counted(passages, 'passage')} (${share(rows.accepted, passages)})`
        : `and ${count(rows.surplus)} surplus, of ${counted(passages, 'passage')}`,
    ],
    [
      'Rejected',
      count(rows.rejected),
      `${share(rows.rejected, rows.accepted + rows.rejected + rows.surplus)} of all rows`,
    ],
    [
      'Tokens',
      bill.per_accepted === null ? '–' : count(bill.per_accepted.tokens),
      `per accepted; ${compact(tokens)} in all`,
    ],
    [
      'Cost',
      bill.per_accepted === null || !paid ? '–' : `$${usd(bill.per_accepted.usd)}`,
      paid ? `per accepted; $${usd(bill.total.cost_usd)} in all` : 'no prices given',
    ],
    [
      'Time',
      duration(run.seconds),
      run.sessions > 1 ? 'of all sessions together' : moment(run.updated_at),
    ],
  ];
}
