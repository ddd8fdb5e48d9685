import { LengthName } from '../../../core/stats/lengths.ts';
import { paperFigure } from '../../../core/stats/paper-figures.ts';
import { histogramChart, reachOf } from '../charts.ts';
import { html, type Markup } from '../markup.ts';
import type { Distribution } from '../run-report.ts';
import { DISTRIBUTION_TITLES, decimal } from '../words.ts';
import type { ExperimentReport, NamedReport } from './experiment-report.ts';
import type { ExperimentPart } from './part.ts';

/** How long the accepted trajectories of each run are, beside the paper's: charts of one length share their axis. */
export function shapesPart({ runs }: ExperimentReport): ExperimentPart[] {
  if (runs.length === 0) return [];
  const rows = LengthName.options.flatMap((name) => runs.flatMap((run) => figureRow(name, run)));
  const nothing = rows.length === 0;
  return [
    {
      id: 'shape',
      title: 'Shape of the trajectories',
      blocks: nothing
        ? [{ kind: 'text', text: 'No trajectory was accepted.' }]
        : [
            {
              kind: 'text',
              text: "Accepted trajectories; messages count the system message. The paper's means are those of GEM, Table 5, after refinement, or before it where a run did not refine.",
            },
            {
              kind: 'fold',
              title: 'The figures',
              blocks: [{ kind: 'table', rows: [HEAD, ...rows] }],
            },
          ],
      page: html`${LengthName.options.map((name) => chartsOf(name, runs))}`,
    },
  ];
}

const HEAD = ['', 'run', 'mean', 'median', 'p5', 'p95', 'max', "paper's mean"];

function found(name: LengthName, { report }: NamedReport): Distribution | undefined {
  return report.distributions.find((one) => one.name === name);
}

function figureRow(name: LengthName, run: NamedReport): string[][] {
  const one = found(name, run);
  if (one === undefined) return [];
  const paper = paperFigure(name, run.report.run.ablation.refine);
  const figures = [one.mean, one.median, one.p5, one.p95, one.max].map(decimal);
  return [
    [
      DISTRIBUTION_TITLES[name],
      run.name,
      ...figures,
      paper === undefined ? '–' : String(paper.mean),
    ],
  ];
}

function chartsOf(name: LengthName, runs: readonly NamedReport[]): Markup | null {
  const known = runs.flatMap((run) => {
    const distribution = found(name, run);
    return distribution === undefined ? [] : [{ run, distribution }];
  });
  if (known.length === 0) return null;
  const paperOf = (run: NamedReport) => paperFigure(name, run.report.run.ablation.refine);
  const reach = Math.max(
    ...known.map(({ run, distribution }) =>
      Math.max(reachOf(distribution), Math.ceil(paperOf(run)?.mean ?? 0) + 1),
    ),
  );
  const charts = known.map(
    ({ run, distribution }) =>
      html`<figure><figcaption>${run.name}</figcaption>${histogramChart(distribution, paperOf(run), reach)}</figure>`,
  );
  return html`<h3>${DISTRIBUTION_TITLES[name]}</h3><div class="charts">${charts}</div>`;
}
