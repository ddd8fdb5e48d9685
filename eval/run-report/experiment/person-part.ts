import type { Block } from '../../compare/block.ts';
import { AGREEMENT_HEAD, agreementRows, agreementSection } from '../../viewer/agreement-section.ts';
import { html } from '../markup.ts';
import type { ExperimentReport } from './experiment-report.ts';
import type { ExperimentPart } from './part.ts';

/** What a person said of rows, where somebody did. */
export function personPart({ runs }: ExperimentReport): ExperimentPart[] {
  const marked = runs.flatMap(({ name, report: { person } }) =>
    person === null ? [] : [{ name, person }],
  );
  if (marked.length === 0) return [];
  return [
    {
      id: 'person',
      title: 'A person’s word',
      blocks: marked.flatMap(({ name, person }): Block[] => [
        { kind: 'title', level: 3, text: name },
        {
          kind: 'table',
          rows: [AGREEMENT_HEAD, ...agreementRows(person).map((row) => row.map(String))],
        },
      ]),
      page: html`${marked.map(({ name, person }) => html`<h3>${name}</h3>${agreementSection(person).body}`)}`,
      isDrawn: true,
    },
  ];
}
