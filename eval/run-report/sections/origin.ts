import { html, type Markup } from '../markup.ts';
import type { Sample } from '../run-report.ts';
import { count } from '../words.ts';
import { clipped, cutNote } from './clipped.ts';

/** The passage a row was made from, with the words that its constraints quote marked. */
export function passagePart({ passage, workflow }: Sample): Markup {
  const { text, cut } = passage.text;
  const quotes =
    workflow?.constraints.filter(({ quote }) => quote.cut === 0).map(({ quote }) => quote.text) ??
    [];
  const source = [passage.url, passage.licence].filter((value) => value !== null);
  return html`<details open class="passage"><summary>Passage <code>${passage.id}</code></summary>
${passage.title === null ? null : html`<p class="passage-title">${clipped(passage.title)}</p>`}
<p class="prose">${marked(text, quotes)}${cutNote(cut)}</p>
${source.length === 0 ? null : html`<p class="dim">${source.map((value, index) => html`${index === 0 ? '' : ' · '}${clipped(value)}`)}</p>`}</details>`;
}

/** A text with some of its parts marked; parts that overlap are marked as one. */
function marked(text: string, quotes: string[]): Markup[] {
  const spans = quotes
    .map((quote) => ({ from: text.indexOf(quote), length: quote.length }))
    .filter(({ from, length }) => from >= 0 && length > 0)
    .sort((a, b) => a.from - b.from);
  const parts: Markup[] = [];
  let at = 0;
  for (const { from, length } of spans) {
    const start = Math.max(from, at);
    const end = from + length;
    if (end <= at) continue;
    parts.push(html`${text.slice(at, start)}<mark>${text.slice(start, end)}</mark>`);
    at = end;
  }
  return [...parts, html`${text.slice(at)}`];
}

/** Steps, graph and rules of a workflow. */
export function workflowPart(workflow: Sample['workflow']): Markup | null {
  if (workflow === null) return null;
  const { steps, graph, constraints } = workflow;
  const rules = constraints.map(
    ({ rule, quote, test }) =>
      html`<li>${rule.text === quote.text ? null : clipped(rule)}${test === null ? null : html` <code>${clipped(test)}</code>`}<q>${clipped(quote)}</q></li>`,
  );
  return html`<details open class="workflow"><summary>Workflow</summary><ol class="steps">${steps.map((step) => html`<li>${clipped(step)}</li>`)}</ol>
${graph.text === '' ? null : html`<p class="graph"><code>${clipped(graph)}</code></p>`}
${rules.length === 0 ? null : html`<h4>Rules and their quotes</h4><ul class="rules">${rules}</ul>`}</details>`;
}

/** The tools that a conversation may call, folded. */
export function toolsPart({ tools, left_out: left }: Sample): Markup | null {
  if (tools.length === 0) return null;
  const items = tools.map(
    ({ name, description, parameters }) =>
      html`<li><code class="tool-name">${clipped(name)}</code> ${clipped(description)}${parameters.length === 0 ? null : html`<ul class="parameters">${parameters.map((parameter) => html`<li><code>${clipped(parameter)}</code></li>`)}</ul>`}</li>`,
  );
  return html`<details class="tools"><summary>Tools <small>${count(tools.length + left.tools)}</small></summary><ul class="tool-list">${items}</ul>${left.tools === 0 ? null : html`<p class="cut">${count(left.tools)} more left out</p>`}</details>`;
}
