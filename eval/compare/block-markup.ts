import { histogramChart } from '../run-report/charts.ts';
import { dataTable } from '../run-report/data-table.ts';
import { html, type Markup } from '../run-report/markup.ts';
import { Distribution } from '../run-report/run-report.ts';
import type { Block } from './block.ts';
import type { Comparison } from './comparison.ts';

/** A block as a part of a page. */
export function blockMarkup(block: Block): Markup {
  switch (block.kind) {
    case 'title':
      return block.level === 3 ? html`<h4>${block.text}</h4>` : html`<h3>${block.text}</h3>`;
    case 'text':
      return html`<p class="hint">${block.text}</p>`;
    case 'banner':
      return html`<p class="banner" role="note"><strong>Offline teacher.</strong> ${block.text}</p>`;
    case 'list':
      return html`<ul>${block.items.map((item) => html`<li>${item}</li>`)}</ul>`;
    case 'table': {
      const [head = [], ...rows] = block.rows;
      return dataTable({ label: `Table: ${head.join(', ')}`, head, rows });
    }
    case 'fold':
      return html`<details class="more"><summary>${block.title}</summary>${block.blocks.map(blockMarkup)}</details>`;
  }
}

/** The lengths of each run's accepted trajectories as histograms. */
export function lengthCharts({ runs }: Pick<Comparison, 'runs'>): Markup {
  const charts = runs.flatMap(({ name, distributions }) =>
    distributions.flatMap(({ paper, ...one }) => {
      // The shapes beside the lengths are small numbers, which the table tells as well.
      const distribution = Distribution.safeParse(one);
      if (!distribution.success) return [];
      const figure = paper ?? undefined;
      return [
        html`<figure><figcaption>${one.name.replaceAll('_', ' ')}: ${name}</figcaption>${histogramChart(distribution.data, figure)}</figure>`,
      ];
    }),
  );
  return html`<h3>Lengths of accepted trajectories</h3><div class="charts">${charts}</div>`;
}
