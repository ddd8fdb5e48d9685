import { histogramChart } from '../run-report/charts.ts';
import { dataTable } from '../run-report/data-table.ts';
import { html, type Markup } from '../run-report/markup.ts';
import { Distribution } from '../run-report/run-report.ts';
import type { Section } from '../run-report/sections/section.ts';
import type { Block } from './block.ts';
import { comparisonBlocks } from './blocks.ts';
import type { Comparison } from './comparison.ts';

/** A comparison as a part of the report's page: the same tables as compare.md, and the lengths as histograms. */
export function comparisonSection(comparison: Comparison): Section {
  const [title, ...blocks] = comparisonBlocks(comparison, { all: true });
  return {
    id: 'comparison',
    title: title?.kind === 'title' ? title.text : 'Comparison',
    body: html`${blocks.map(markupOf)}${histograms(comparison)}`,
  };
}

function markupOf(block: Block): Markup {
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
  }
}

function histograms({ runs }: Comparison): Markup {
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
