import { bar } from '../bars.ts';
import { html, type Markup } from '../markup.ts';
import type { Example, RunReport } from '../run-report.ts';
import { count, counted, words } from '../words.ts';
import { clipped } from './clipped.ts';
import type { Section } from './section.ts';

type Stage = RunReport['rejections'][number];

const STAGE_TITLES: Record<Stage['by'], string> = {
  filter: 'Filter: answers that could not be read',
  extract: 'Extraction: answers that could not be read',
  generate: 'Generation: answers that could not be read',
  refine: 'Refinement: answers that could not be read',
  synthesize: 'Synthesis: answers that could not be read',
  check: 'Checks: error codes',
  selection: 'Choice: another sample of the passage was better',
  judge: 'Judge: rubrics that failed',
};

/** What was turned down and why, each reason with examples and their places; rows shown further down are linked. */
export function rejectionsSection({ rejections, samples }: RunReport): Section {
  const sampled = new Set(samples.rejected.map(({ id }) => id));
  const longest = Math.max(
    0,
    ...rejections.flatMap(({ reasons }) => reasons.map(({ rows }) => rows)),
  );
  const body =
    rejections.length === 0
      ? html`<p class="empty">Nothing was turned down after the filter.</p>`
      : html`<p class="hint">A row can have several reasons. Open one for examples; <code>gem-traj trace RUN ID</code> shows a row's whole chain.</p>${rejections.map((stage) => stagePart(stage, longest, sampled))}`;
  return { id: 'rejections', title: 'Turned down, and why', body };
}

function stagePart(
  { by, rows, reasons, other_reasons: others }: Stage,
  longest: number,
  sampled: Set<string>,
): Markup {
  return html`<h3>${STAGE_TITLES[by]} <small>${counted(rows, 'row')}</small></h3>
<div class="reasons">${reasons.map((reason) => reasonPart(reason, longest, sampled))}</div>
${others === 0 ? null : html`<p class="hint">and ${counted(others, 'row')} with rarer reasons</p>`}`;
}

function reasonPart(
  { kind, name, title, rows, examples }: Stage['reasons'][number],
  longest: number,
  sampled: Set<string>,
): Markup {
  const label =
    kind === 'check'
      ? html`<code>${name}</code>`
      : kind === 'rubric'
        ? html`<b>${words(name)}</b>`
        : html`<span>${kind === 'unscored' ? 'unscored: ' : ''}${name}</span>`;
  return html`<details class="reason"><summary><span class="what">${label}${title === null ? null : html` <span class="dim">${title}</span>`}</span>${bar(rows, longest, 'bad')}<span class="figure">${count(rows)}</span></summary>
<ul class="examples">${examples.map((example) => examplePart(example, sampled.has(example.row_id)))}</ul></details>`;
}

function examplePart(example: Example, sampled: boolean): Markup {
  const { row_id: id, passage_id: passage, message_index: message, path, text, excerpt } = example;
  const row = html`<code>${id}</code>`;
  return html`<li><p class="place">${sampled ? html`<a href="#row-${id}">${row}</a>` : row}${message === null ? null : html` <span>message ${message}</span>`}${path === null ? null : html` <code>${path}</code>`} <span class="dim">passage ${passage}</span></p>
<p class="said">${clipped(text)}</p>${excerpt === null ? null : html`<blockquote>${clipped(excerpt)}</blockquote>`}</li>`;
}
