import { html, type Markup } from '../markup.ts';
import { prettyJson } from '../pretty-json.ts';
import type { Clipped, Sample } from '../run-report.ts';
import { count } from '../words.ts';
import { clipped, cutNote } from './clipped.ts';

type SampleMessage = Sample['messages'][number];

/** A conversation as a list of messages; findings and the judge's word stand at the message they point to. */
export function conversation({
  messages,
  findings,
  judge,
  left_out: left,
  rejected_by: by,
}: Sample): Markup {
  if (messages.length === 0)
    return html`<p class="empty">There is no conversation: the row was turned down before one was read.</p>`;
  const whole = findings.filter(
    ({ message_index: at }) => at === null || messages[at] === undefined,
  );
  const judged = by === 'judge' && judge !== null ? judge.message_index : null;
  const items = messages.map((message) => {
    const own = findings.filter(({ message_index: at }) => at === message.index);
    return html`<li class="message ${message.role}"><p class="who"><b>${whoWords(message)}</b> <span class="index">${message.index}</span></p>
${bodyOf(message)}${findingList(own)}${judged === message.index ? html`<p class="finding error">the judge points here</p>` : null}</li>`;
  });
  return html`${findingList(whole)}<ol class="messages">${items}</ol>
${left.messages === 0 ? null : html`<p class="cut">${count(left.messages)} more messages left out</p>`}
${left.findings === 0 ? null : html`<p class="cut">${count(left.findings)} more findings left out</p>`}`;
}

function whoWords({ role, tool }: SampleMessage): Markup | string {
  if (role !== 'tool') return role;
  return tool === null ? 'result' : html`result of <code>${clipped(tool)}</code>`;
}

function bodyOf(message: SampleMessage): Markup {
  const { role, content, calls } = message;
  if (role === 'tool') return block(content ?? { text: '', cut: 0 }, 16);
  const most = role === 'system' ? SYSTEM_SHOWN : PROSE_SHOWN;
  const text = content === null || content.text === '' ? null : prose(content, most);
  const called = calls.map(
    (call) =>
      html`<div class="call"><p class="call-name"><span class="dim">calls</span> <code>${clipped(call.name)}</code></p>${block(call.arguments, 30)}</div>`,
  );
  return html`${text}${called}${text === null && calls.length === 0 ? html`<p class="empty">(empty)</p>` : null}`;
}

/** Characters of a folded text that show; the style cuts them to the line. */
const PEEK = 160;
const SYSTEM_SHOWN = 480;
const PROSE_SHOWN = 3000;

/** What is said; folded where it is longer than a reader wants to pass, as system messages are. */
function prose(content: Clipped, most: number): Markup {
  const whole = html`<p class="prose">${clipped(content)}</p>`;
  if (content.text.length <= most) return whole;
  return html`<details class="fold"><summary><span class="peek">${content.text.slice(0, PEEK)}</span></summary>${whole}</details>`;
}

/** JSON with a line a member, other text as it is; folded where it has more lines than a reader wants to pass. */
function block({ text, cut }: Clipped, mostLines: number): Markup {
  const pretty = cut === 0 ? prettyJson(text) : undefined;
  const flat = text.length <= 60 && !text.includes('\n') ? text : undefined;
  const shown = flat ?? pretty ?? text;
  const lines = shown.split('\n').length;
  const pre = html`<pre>${shown}${cutNote(cut)}</pre>`;
  if (lines <= mostLines && shown.length <= 2000) return pre;
  return html`<details class="fold"><summary><span class="peek">${text.slice(0, PEEK)}</span> <small>${count(lines)} lines</small></summary>${pre}</details>`;
}

function findingList(findings: Sample['findings']): Markup | null {
  if (findings.length === 0) return null;
  const items = findings.map(
    ({ code, severity, path, text }) =>
      html`<li class="finding ${severity}"><span class="severity ${severity}">${severity}</span> <code>${code}</code>${path === null ? null : html` <code class="dim">${path}</code>`} ${clipped(text)}</li>`,
  );
  return html`<ul class="findings">${items}</ul>`;
}
