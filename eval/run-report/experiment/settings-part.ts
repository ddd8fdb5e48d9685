import { html } from '../markup.ts';
import { settingsSection } from '../sections/settings.ts';
import type { ExperimentReport } from './experiment-report.ts';
import type { ExperimentPart } from './part.ts';

/** Models, settings and versions of each run, folded. */
export function settingsPart({ runs }: ExperimentReport): ExperimentPart[] {
  if (runs.length === 0) return [];
  return [
    {
      id: 'settings',
      title: 'What was run',
      blocks: [],
      page: html`${runs.map(({ name, report }) => html`<details class="more"><summary>${name}</summary>${settingsSection(report).body}</details>`)}`,
    },
  ];
}
