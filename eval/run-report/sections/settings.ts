import { dataTable } from '../data-table.ts';
import { html } from '../markup.ts';
import type { RunReport } from '../run-report.ts';
import { duration, moment, setting } from '../words.ts';
import type { Section } from './section.ts';

/** Models, settings and versions: what someone needs who wants the same again. */
export function settingsSection({ run }: RunReport): Section {
  const stages = dataTable({
    label: 'Models and settings by stage',
    head: ['stage', 'model', 'endpoint', 'sampling', 'answer', 'prompt'],
    rows: run.stages.map(({ stage, model, endpoints, settings }) => [
      stage,
      model,
      endpoints.join(', ') || '–',
      samplingWords(settings.sampling),
      setting(settings.answer ?? '–'),
      html`<code>${setting(settings.prompt ?? '–')}</code>`,
    ]),
  });
  const pairs: [string, string][] = [
    ['gate', setting(run.gate)],
    ...Object.entries(run.ablation).map(([stage, on]): [string, string] => [stage, setting(on)]),
    ['seed', setting(run.seed)],
    ...Object.entries(run.settings).map(([key, value]): [string, string] => [key, setting(value)]),
    ...Object.entries(run.versions),
    ['begun', moment(run.started_at)],
    ['last written', moment(run.updated_at)],
    ['time', `${duration(run.seconds)} in all`],
    ['fingerprint', run.fingerprint],
  ];
  return {
    id: 'settings',
    title: 'What was run',
    body: html`${run.stages.length === 0 ? null : stages}<dl class="pairs">${pairs.map(([key, value]) => html`<div><dt>${key}</dt><dd>${value}</dd></div>`)}</dl>`,
  };
}

function samplingWords(sampling: unknown): string {
  if (typeof sampling !== 'object' || sampling === null) return '–';
  return (
    Object.entries(sampling)
      .map(([key, value]) => `${key} ${setting(value)}`)
      .join(', ') || "the server's own"
  );
}
