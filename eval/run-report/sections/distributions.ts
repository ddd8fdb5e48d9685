import { paperFigure } from '../../../core/stats/paper-figures.ts';
import { histogramChart } from '../charts.ts';
import { dataTable } from '../data-table.ts';
import { html } from '../markup.ts';
import type { RunReport } from '../run-report.ts';
import { count, counted, DISTRIBUTION_TITLES, decimal } from '../words.ts';
import type { Section } from './section.ts';

/** How long the accepted trajectories are, beside the paper's. */
export function distributionsSection({ distributions, run, rows }: RunReport): Section {
  const paper = (name: keyof typeof DISTRIBUTION_TITLES) => paperFigure(name, run.ablation.refine);
  const charts = distributions.map(
    (one) =>
      html`<figure><figcaption>${DISTRIBUTION_TITLES[one.name]}</figcaption>${histogramChart(one, paper(one.name))}</figure>`,
  );
  const table = dataTable({
    label: 'Figures of the distributions',
    head: ['', 'mean', "paper's mean", 'min', 'p5', 'p25', 'median', 'p75', 'p95', 'max'],
    rows: distributions.map((one) => [
      DISTRIBUTION_TITLES[one.name],
      decimal(one.mean),
      paperWords(paper(one.name)),
      ...[one.min, one.p5, one.p25, one.median, one.p75, one.p95, one.max].map(decimal),
    ]),
  });
  const title = 'Shape of the trajectories';
  if (distributions.length === 0)
    return {
      id: 'distributions',
      title,
      body: html`<p class="empty">No trajectory was accepted.</p>`,
    };
  return {
    id: 'distributions',
    title,
    body: html`<p class="hint">${counted(rows.accepted, 'accepted trajectory', 'accepted trajectories')}; messages count the system message. The dashed line is the paper's mean ${run.ablation.refine ? 'after' : 'before'} refinement (GEM, Table 5).</p>
<div class="charts">${charts}</div>${table}`,
  };
}

function paperWords(figure: ReturnType<typeof paperFigure>): string {
  if (figure === undefined) return '–';
  return figure.median === null
    ? String(figure.mean)
    : `${figure.mean} (median ${count(figure.median)})`;
}
