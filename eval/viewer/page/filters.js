import { byId, count, el, words } from './dom.js';
import { changed, choose, state } from './state.js';

const TITLES = {
  source: 'Run or file',
  status: 'How it ended',
  reason: 'Turned down by',
  code: 'Check code',
  domain: 'Domain',
  pattern: 'Pattern',
  method: 'Method',
  tool: 'Tool called',
  mark: 'Your marks',
};

/** Facets whose values are names of the code, not words. */
const NAMES = new Set(['code', 'tool']);

const open = new Set(['status', 'reason', 'source']);
let shown = '';

export function startFilters() {
  byId('filters').open = matchMedia('(min-width: 70rem)').matches;
}

/** Shows the facets with their counts; the focus stays where it is. */
export function showFacets(facets) {
  const text = JSON.stringify([
    facets,
    [...state.filter].map(([name, values]) => [name, [...values]]),
  ]);
  if (text === shown) return;
  shown = text;
  const focused = document.activeElement?.dataset?.value;
  byId('facets').replaceChildren(...facets.filter(isUseful).map(facetPart), clearPart());
  const chosen = [...state.filter.values()].reduce((sum, { size }) => sum + size, 0);
  byId('chosen').textContent = chosen === 0 ? '' : `${chosen} chosen`;
  if (focused !== undefined)
    [...byId('facets').querySelectorAll('[data-value]')]
      .find(({ dataset }) => dataset.value === focused)
      ?.focus();
}

function isUseful({ name, values }) {
  return values.length > 0 || (name === 'tool' && state.like !== '');
}

function facetPart({ name, values, more }) {
  const chosen = state.filter.get(name) ?? new Set();
  const part = el(
    'details',
    {
      class: 'facet',
      open: open.has(name) || chosen.size > 0,
      ontoggle: ({ target }) => (target.open ? open.add(name) : open.delete(name)),
    },
    el('summary', {}, TITLES[name], chosen.size > 0 ? el('b', {}, ` ${chosen.size}`) : null),
    name === 'tool' ? toolSearch() : null,
    ...values.map(({ name: value, count: rows }) => choicePart(name, value, rows, chosen)),
    more > 0
      ? el('p', { class: 'dim' }, `and ${count(more)} more; rarer ones are not listed`)
      : null,
  );
  return part;
}

function choicePart(facet, value, rows, chosen) {
  const id = `${facet} ${value}`;
  const box = el('input', {
    type: 'checkbox',
    dataset: { value: id },
    onchange: ({ target }) => choose(facet, value, target.checked),
  });
  box.checked = chosen.has(value);
  const label = NAMES.has(facet) ? el('code', {}, value) : el('span', {}, words(value));
  return el(
    'label',
    { class: rows === 0 ? 'choice none' : 'choice' },
    box,
    label,
    el('span', { class: 'figure' }, count(rows)),
  );
}

function toolSearch() {
  const field = el('input', {
    type: 'search',
    placeholder: 'Name of a tool',
    'aria-label': 'Show tools whose name holds',
    dataset: { value: 'tool like' },
    oninput: ({ target }) => {
      state.like = target.value;
      changed('like');
    },
  });
  field.value = state.like;
  return field;
}

function clearPart() {
  return el(
    'button',
    {
      type: 'button',
      class: 'quiet',
      onclick: () => {
        state.filter.clear();
        changed('filter');
      },
    },
    'Clear the filters',
  );
}
