import { askText } from './ask.js';
import { byId, el, notice, scrollTo } from './dom.js';
import { badges } from './list.js';
import { markBar } from './marks.js';
import { goToMessage, messagePart } from './message.js';
import { changed, on, state } from './state.js';

export function startReading() {
  on('row', show);
  on('mark', (row) => {
    for (const one of [state.row, state.beside]) if (one?.key === row.key) one.mark = row.mark;
    for (const head of byId('reading').querySelectorAll('.row-head'))
      if (head.dataset.key === row.key) head.replaceWith(headPart(rowOf(row.key)));
  });
}

function rowOf(key) {
  return state.row?.key === key ? state.row : state.beside;
}

function show() {
  const rows = [state.row, state.beside].filter((row) => row !== null);
  const reading = byId('reading');
  reading.classList.toggle('two', rows.length > 1);
  reading.replaceChildren(...rows.map(conversationPart));
  reading.scrollTop = 0;
  // On a phone the list stands above.
  if (matchMedia('(max-width: 46rem)').matches) scrollTo(reading, 'start');
}

function conversationPart(row) {
  return el(
    'section',
    { class: 'conversation', 'aria-label': `Trajectory ${row.id}` },
    headPart(row),
    row.problem === ''
      ? null
      : el('p', { class: 'problem' }, `This row cannot be read: ${row.problem}`),
    row.reason === '' ? null : el('p', { class: 'problem' }, row.reason),
    ...row.messages.map((message) => messagePart(message, row)),
  );
}

function headPart(row) {
  const isBeside = row.key === state.beside?.key;
  return el(
    'header',
    { class: 'row-head', dataset: { key: row.key } },
    el('h2', {}, row.title === '' ? '(no text)' : row.title),
    el('p', { class: 'badges' }, ...badges(row), el('code', { class: 'dim' }, row.id)),
    el(
      'p',
      { class: 'actions' },
      ...markBar(row),
      el(
        'button',
        { type: 'button', class: 'quiet', onclick: () => copyRow(row.key) },
        'Copy JSON',
      ),
      isBeside
        ? el('button', { type: 'button', class: 'quiet', onclick: closeBeside }, 'Close')
        : null,
    ),
    row.mark?.comment ? el('p', { class: 'comment' }, row.mark.comment) : null,
  );
}

export function closeBeside() {
  state.beside = null;
  changed('row');
}

/** Copies the row's line as it stands in its file. */
export async function copyRow(key) {
  const text = await askText('/api/raw', { key });
  try {
    await navigator.clipboard.writeText(text);
    notice('Copied as JSON.');
  } catch {
    notice('The browser did not let the page copy; allow the clipboard for this address.');
  }
}

/** Goes to the next or previous message that has a finding or that the judge points at. */
export function stepFinding(by) {
  const messages = state.row?.messages ?? [];
  const marked = [...byId('reading').querySelectorAll('.conversation:first-child .message')]
    .filter(({ classList }) => classList.contains('bad') || classList.contains('judged'))
    .map(({ dataset }) => Number(dataset.message));
  if (marked.length === 0) return notice('No message of this trajectory has a finding.');
  const here = Number(document.activeElement?.closest('.message')?.dataset.message ?? -1);
  const next =
    by > 0 ? marked.find((index) => index > here) : marked.findLast((index) => index < here);
  goToMessage(next ?? (by > 0 ? marked[0] : marked.at(-1)) ?? messages.length);
}
