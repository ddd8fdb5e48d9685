import { dataTable } from '../data-table.ts';
import { html } from '../markup.ts';
import type { RunReport } from '../run-report.ts';
import type { Section } from './section.ts';

/** Everything the checks found, in accepted rows too. */
export function findingsSection({ findings, run }: RunReport): Section {
  const title = 'Findings of the checks';
  if (findings.length === 0) {
    const why = run.ablation.check ? 'The checks found nothing.' : 'The checks were off.';
    return { id: 'findings', title, body: html`<p class="empty">${why}</p>` };
  }
  const table = dataTable({
    label: 'Findings by code',
    head: [
      'code',
      'severity',
      'meaning',
      'findings',
      'rows accepted with it',
      'rows rejected with it',
    ],
    rows: findings.map(
      ({
        code,
        severity,
        title: meaning,
        findings: times,
        rows_accepted: accepted,
        rows_rejected: rejected,
      }) => [
        html`<code>${code}</code>`,
        html`<span class="severity ${severity}">${severity}</span>`,
        meaning ?? '',
        times,
        accepted,
        rejected,
      ],
    ),
  });
  return {
    id: 'findings',
    title,
    body: html`<p class="hint">Warnings and notes turn nothing down. ${gateWords(run.gate)}</p>${table}`,
  };
}

function gateWords(gate: string | null): string {
  if (gate === 'paper')
    return "Gate paper: only errors of the paper's own rule check turn a row down.";
  return gate === null ? '' : `Gate ${gate}: every error turns a row down.`;
}
