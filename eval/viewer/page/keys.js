import { byId, el } from './dom.js';
import { step } from './list.js';
import { openComment, toggle } from './marks.js';
import { closeBeside, copyRow, stepFinding } from './row.js';
import { compare } from './side.js';
import { state } from './state.js';

/** What a key does, and how the help names it. */
const KEYS = [
  ['j', 'next trajectory', () => step(1)],
  ['k', 'previous trajectory', () => step(-1)],
  ['n', 'next message with a finding', () => stepFinding(1)],
  ['p', 'previous message with a finding', () => stepFinding(-1)],
  ['/', 'search the text', () => focusOn('query')],
  ['f', 'filters', openFilters],
  ['a', 'accept, or take it back', () => toggle(state.row, 'accept')],
  ['r', 'reject, or take it back', () => toggle(state.row, 'reject')],
  ['c', 'comment', openComment],
  [
    's',
    'side by side with another trajectory of the passage',
    () => (state.beside === null ? compare() : closeBeside()),
  ],
  ['y', 'copy as JSON', () => state.row !== null && copyRow(state.row.key)],
  ['?', 'these keys', () => byId('help').showModal()],
];

export function startKeys() {
  byId('keys').append(
    ...KEYS.flatMap(([key, text]) => [el('dt', {}, el('kbd', {}, key)), el('dd', {}, text)]),
    el('dt', {}, el('kbd', {}, 'Esc')),
    el('dd', {}, 'leave a field'),
  );
  byId('help-open').addEventListener('click', () => byId('help').showModal());
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector('dialog[open]') !== null) return;
    if (isField(event.target)) {
      if (event.key === 'Escape') focusOn('list');
      return;
    }
    const key = event.target === byId('list') ? (ARROWS[event.key] ?? event.key) : event.key;
    const found = KEYS.find(([name]) => name === key);
    if (found === undefined) return;
    event.preventDefault();
    found[2]();
  });
}

const ARROWS = { ArrowDown: 'j', ArrowUp: 'k' };

function isField(target) {
  return target.matches?.('textarea, select, input:not([type=checkbox])') ?? false;
}

function focusOn(id) {
  byId(id).focus();
  byId(id).select?.();
}

function openFilters() {
  byId('filters').open = true;
  byId('facets').querySelector('summary, input')?.focus();
}
