import { byId, count, el, scrollTo } from './dom.js';
import { textPart } from './text.js';

/** Results longer than this are folded at first. */
const FOLDED = 700;

/** A message as a bubble with its calls; results are folded where they are long. */
export function messagePart(message, row) {
  const { index, role, content, calls, tool, findings, is_judged } = message;
  const known = ['system', 'user', 'assistant', 'tool'].includes(role) ? role : 'other';
  const bad = findings.length > 0 || calls.some((call) => hasFindings(call));
  return el(
    'article',
    {
      class: `message ${known} ${bad ? 'bad' : ''} ${is_judged ? 'judged' : ''}`,
      dataset: { message: index },
      tabindex: -1,
      'aria-label': `Message ${index}, ${role}`,
    },
    el(
      'header',
      {},
      el('span', { class: 'number' }, String(index)),
      el('b', {}, role === 'tool' ? 'result' : role),
      tool === '' ? null : el('code', {}, tool),
      is_judged ? el('span', { class: 'badge error' }, 'the judge points here') : null,
    ),
    content === null ? null : contentPart(message, row),
    ...calls.map((call, at) => callPart(call, at, message, row)),
    findingsPart(findings, row),
  );
}

function hasFindings({ findings, arguments: { pieces } }) {
  return findings.length > 0 || pieces.some((piece) => piece.findings !== undefined);
}

function contentPart({ role, content, index }, row) {
  const where = { key: row.key, message: index };
  const isLong = content.length > FOLDED;
  if (role === 'system' || (role === 'tool' && isLong)) {
    const first = content.pieces
      .map(({ text }) => text)
      .join('')
      .replace(/\s+/g, ' ')
      .slice(0, 120);
    return el(
      'details',
      { class: 'fold', open: !isLong },
      el(
        'summary',
        {},
        el('span', { class: 'preview' }, first),
        ` ${count(content.length)} characters`,
      ),
      textPart(content, row, where),
    );
  }
  return textPart(content, row, where);
}

function callPart(call, at, { index }, row) {
  const where = { key: row.key, message: index, call: at };
  return el(
    'details',
    { class: 'call', open: true },
    el('summary', {}, el('span', { class: 'verb' }, 'calls '), el('code', {}, call.name)),
    textPart(call.arguments, row, where),
    findingsPart(
      [...call.findings, ...call.arguments.pieces.flatMap(({ findings = [] }) => findings)],
      row,
    ),
  );
}

/** Findings where they were found. */
export function findingsPart(numbers, row) {
  const once = [...new Set(numbers)];
  if (once.length === 0) return null;
  return el(
    'ul',
    { class: 'findings' },
    ...once.map((number) => findingPart(row.findings[number], row)),
  );
}

export function findingPart(
  { code, severity, text, path, title, fix, message_index: message },
  row,
) {
  const place = message === null ? null : message;
  return el(
    'li',
    { class: `finding ${severity}` },
    el('span', { class: `badge ${severity}` }, severity),
    ' ',
    el('code', { title: [title, fix].filter((part) => part !== '').join('\n') }, code),
    ' ',
    el('span', {}, text),
    path === null ? null : el('code', { class: 'dim path' }, ` ${path}`),
    place === null || row === undefined
      ? null
      : el(
          'button',
          { type: 'button', class: 'quiet goto', onclick: () => goToMessage(place) },
          `message ${place}`,
        ),
  );
}

/** Scrolls to a message of the row that is read. */
export function goToMessage(index) {
  const message = byId('reading').querySelector(`[data-message="${Number(index)}"]`);
  scrollTo(message, 'start');
  message?.focus({ preventScroll: true });
}
