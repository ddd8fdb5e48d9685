import { usd } from '../../../synth/summary.ts';
import { html, type Markup } from '../markup.ts';
import type { RunReport, Sample } from '../run-report.ts';
import { count, counted, words } from '../words.ts';
import { clipped } from './clipped.ts';
import { conversation } from './conversation.ts';
import { passagePart, toolsPart, workflowPart } from './origin.ts';
import type { Section } from './section.ts';

/** A few trajectories to read, each with its passage, workflow, tools and findings. */
export function samplesSection({ samples, rows }: RunReport): Section {
  const { accepted, rejected } = samples;
  return {
    id: 'samples',
    title: 'Trajectories to read',
    body: html`<p class="hint">Chosen by the hash of their ids, so the same run always shows the same ones.</p>
<h3>Accepted <small>${count(accepted.length)} of ${count(rows.accepted)}</small></h3>
${accepted.length === 0 ? html`<p class="empty">No trajectory was accepted.</p>` : accepted.map((sample) => samplePart(sample))}
<h3>Rejected <small>${count(rejected.length)} of ${count(rows.rejected)}</small></h3>
${rejected.length === 0 ? html`<p class="empty">No row was rejected.</p>` : rejected.map((sample) => samplePart(sample))}`,
  };
}

/**
 * A trajectory, folded. Its id is inside of the fold, so that a link to it opens the fold.
 * @param run tells rows of several runs apart, which may have the same ids
 */
export function samplePart(sample: Sample, run = ''): Markup {
  const { id, rejected_by: by, reason } = sample;
  return html`<details class="sample"><summary><span class="title">${titleOf(sample)}</span>
<span class="meta"><code>${id}</code> ${lengthOf(sample)}${by === null ? null : html` <span class="severity error">rejected by ${by}</span>`}</span></summary>
<div class="inside" id="row-${run}${id}">
${reason === null ? null : html`<p class="verdict bad"><b>Why:</b> ${clipped(reason)}</p>`}
${mendedPart(sample)}
${labels(sample)}
<div class="spread"><div class="origin" role="region" tabindex="0" aria-label="Passage, workflow and tools">${passagePart(sample)}${workflowPart(sample.workflow)}${toolsPart(sample)}</div>
<div class="talk">${conversation(sample)}${verdictPart(sample)}</div></div>
</div></details>`;
}

/** What earlier versions were turned down for. */
function mendedPart({ mended }: Sample): Markup[] {
  return mended.map(
    ({ rejected_by: by, reason, from }) =>
      html`<p class="verdict"><b>Mended</b> from message ${from} on, after the ${by} had turned it down: ${clipped(reason)}</p>`,
  );
}

function titleOf({ workflow, summary, passage }: Sample): Markup | string {
  const title = workflow?.description ?? summary ?? passage.title;
  return title === null ? `passage ${passage.id}` : clipped(title);
}

function lengthOf({ messages, left_out: left, tokens, cost_usd: cost }: Sample): string {
  const calls = messages.reduce((sum, message) => sum + message.calls.length, 0);
  const price = cost === 0 ? [] : [`$${usd(cost)}`];
  const parts = [
    counted(messages.length + left.messages, 'message'),
    counted(calls, 'call'),
    counted(tokens, 'token'),
    ...price,
  ];
  return parts.join(' · ');
}

function labels({ platform, domains, task, patterns }: Sample): Markup {
  const tags = [
    ...domains,
    ...(task === null ? [] : [task]),
    ...(platform === null ? [] : [platform]),
  ];
  const asked = new Set(patterns.asked);
  const found = new Set(patterns.found);
  const all = [...new Set([...patterns.asked, ...patterns.found])];
  const pattern = (name: string) => {
    const state = !found.has(name)
      ? 'asked, not found'
      : asked.has(name)
        ? 'asked and found'
        : 'found';
    return html`<li class="${found.has(name) ? 'found' : 'missing'}">${words(name)} <small>${state}</small></li>`;
  };
  return html`<ul class="labels" aria-label="Tags and patterns">${tags.map((tag) => html`<li>${words(tag)}</li>`)}${all.map(pattern)}</ul>`;
}

function verdictPart({ judge }: Sample): Markup | null {
  if (judge === null) return null;
  const rubrics = Object.entries(judge.rubrics).map(
    ([name, score]) =>
      html`<li class="${score === 1 ? 'good' : 'bad'}">${words(name)} <b>${score}</b></li>`,
  );
  const place =
    judge.message_index === null
      ? null
      : html` <span class="dim">at message ${judge.message_index}</span>`;
  return html`<div class="verdict"><b>Judge</b> <span class="dim">${judge.model}</span>${place}<ul class="rubrics">${rubrics}</ul><p>${clipped(judge.reason)}</p></div>`;
}
