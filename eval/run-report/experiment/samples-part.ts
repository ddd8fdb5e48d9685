import { sampleLine } from '../markdown.ts';
import { html } from '../markup.ts';
import { samplePart } from '../sections/samples.ts';
import { count, counted } from '../words.ts';
import type { ExperimentReport, NamedReport } from './experiment-report.ts';
import type { ExperimentPart } from './part.ts';

/** A few trajectories of each run to read. */
export function samplesPart({ runs }: ExperimentReport): ExperimentPart[] {
  if (runs.length === 0) return [];
  const folds = runs.map(({ name, report }, index) => {
    const samples = samplesOf(report);
    const body =
      samples.length === 0
        ? html`<p class="empty">None is shown of this run.</p>`
        : samples.map((sample) => samplePart(sample, `${index + 1}-`));
    return html`<h3>${name} <small>${count(samples.length)} of ${counted(report.rows.accepted + report.rows.rejected, 'row')}</small></h3>${body}`;
  });
  return [
    {
      id: 'samples',
      title: 'Trajectories to read',
      blocks: [
        {
          kind: 'list',
          items: runs.flatMap(({ name, report }) =>
            samplesOf(report).map((sample) => `${name}: ${sampleLine(sample)}`),
          ),
        },
      ],
      page: html`<p class="hint">Ten accepted ones and five rejected ones over all runs, chosen by the hash of their ids.</p>${folds}`,
      isDrawn: true,
    },
  ];
}

function samplesOf({ samples }: NamedReport['report']) {
  return [...samples.accepted, ...samples.rejected];
}
