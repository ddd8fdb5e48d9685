import { ask, askLines } from './ask.js';
import { byId, count, counted, el, words } from './dom.js';
import { showFacets } from './filters.js';
import { changed, filterParameters, on, state } from './state.js';

/** Height of a line of the list in pixels, as in style.css. */
const LINE = 78;
const PAGE = 100;
/** Browsers show no element that is higher than some 16 million pixels. */
const MOST_LINES = 200_000;

/** What the list shows: pages of the filter's rows as they were needed, or a search's hits. */
let pages = new Map();
let hits = null;
let total = 0;
let asked = 0;
let searching = null;
/** Place of the row that is read. */
let at = -1;

export function startList() {
  const list = byId('list');
  list.addEventListener('scroll', draw, { passive: true });
  new ResizeObserver(draw).observe(list);
  list.addEventListener('click', ({ target }) => {
    const line = target.closest('[data-place]');
    if (line !== null) openPlace(Number(line.dataset.place));
  });
  on('filter', () => restart());
  on('like', () => refreshList());
  on('mark', (row) => {
    for (const page of pages.values()) replaceIn(page, row);
    if (hits !== null) replaceIn(hits, row);
    draw();
    if (state.filter.get('mark')?.size) refreshList();
  });
  byId('search').addEventListener('submit', (event) => {
    event.preventDefault();
    startSearch(byId('query').value);
    byId('list').focus();
  });
  byId('query').addEventListener('search', () => startSearch(byId('query').value));
}

/** Asks for the rows anew, where the list stands. */
export async function refreshList() {
  pages = new Map();
  asked += 1;
  const mine = asked;
  const answer = await ask('/api/list', parameters({ from: 0, count: PAGE, facets: 1 }));
  if (mine !== asked) return;
  showFacets(answer.facets);
  pages.set(0, answer.rows);
  if (hits === null) setTotal(answer.total);
  draw();
}

function parameters(more) {
  return [...filterParameters(), ['like', state.like], ...Object.entries(more)];
}

async function restart() {
  byId('list').scrollTop = 0;
  at = -1;
  if (state.query !== '') startSearch(state.query);
  await refreshList();
}

function setTotal(rows) {
  total = rows;
  const cut = rows > MOST_LINES ? `; the list shows the first ${count(MOST_LINES)}` : '';
  byId('total').textContent =
    `${counted(rows, 'trajectory').replace('trajectorys', 'trajectories')}${cut}`;
}

async function startSearch(text) {
  const query = text.trim();
  searching?.abort();
  if (query === '') {
    if (hits === null) return;
    hits = null;
    state.query = '';
    await refreshList();
    return;
  }
  state.query = query;
  hits = [];
  at = -1;
  total = 0;
  byId('list').scrollTop = 0;
  draw();
  searching = new AbortController();
  await search(query, searching.signal).catch((error) => {
    if (error.name !== 'AbortError') throw error;
  });
}

async function search(query, signal) {
  byId('total').textContent = 'searching …';
  let drawn = 0;
  for await (const event of askLines('/api/search', parameters({ q: query }), signal)) {
    if (event.hit !== undefined) hits.push(event.hit);
    total = hits.length;
    const found = counted(total, 'hit');
    if (event.end !== undefined) searching = null;
    if (event.end === 'enough')
      byId('total').textContent = `the first ${found}; filters or more words narrow the search`;
    else if (event.end === 'all') byId('total').textContent = `${found} for “${query}”`;
    else if (event.looked !== undefined)
      byId('total').textContent = `${found} in ${count(event.looked)} of ${count(event.of)} rows …`;
    if (performance.now() - drawn > 150 || event.end !== undefined) {
      drawn = performance.now();
      draw();
    }
  }
}

function replaceIn(rows, row) {
  const place = rows.findIndex(({ key }) => key === row.key);
  if (place >= 0) rows[place] = { ...rows[place], mark: row.mark };
}

/** The row at a place; undefined until its page is there, which is asked for. */
function rowAt(place) {
  if (hits !== null) return hits[place];
  const page = Math.floor(place / PAGE);
  if (!pages.has(page)) {
    pages.set(page, []);
    loadPage(page).catch(() => pages.delete(page));
  }
  return pages.get(page)[place % PAGE];
}

async function loadPage(page) {
  const mine = asked;
  const answer = await ask('/api/list', parameters({ from: page * PAGE, count: PAGE }));
  if (mine !== asked) return;
  pages.set(page, answer.rows);
  draw();
}

/** Draws the lines that are in sight. */
function draw() {
  const list = byId('list');
  const lines = Math.min(total, MOST_LINES);
  byId('spacer').style.height = `${lines * LINE}px`;
  const first = Math.max(0, Math.floor(list.scrollTop / LINE) - 3);
  const last = Math.min(lines, Math.ceil((list.scrollTop + list.clientHeight) / LINE) + 3);
  const shown = [];
  for (let place = first; place < last; place += 1) shown.push(linePart(rowAt(place), place));
  byId('spacer').replaceChildren(...shown);
  if (total === 0) byId('spacer').append(el('p', { class: 'empty' }, emptyText()));
  const current = byId('line-current');
  if (current === null) list.removeAttribute('aria-activedescendant');
  else list.setAttribute('aria-activedescendant', 'line-current');
}

function emptyText() {
  if (hits !== null) return searching === null ? 'Nothing found.' : 'Nothing found so far.';
  const isChosen = [...state.filter.values()].some(({ size }) => size > 0);
  return isChosen ? 'No row has all that is chosen.' : 'There is no row yet.';
}

function linePart(row, place) {
  const isCurrent = place === at;
  const line = el('div', {
    class: 'line',
    role: 'option',
    id: isCurrent ? 'line-current' : undefined,
    'aria-selected': String(isCurrent),
    'aria-posinset': place + 1,
    'aria-setsize': total,
    dataset: { place },
  });
  line.style.top = `${place * LINE}px`;
  if (row === undefined) return line;
  const { title, snippet, reason } = row;
  line.append(
    el('p', { class: 'title' }, title === '' ? '(no text)' : title),
    snippet === undefined
      ? el('p', { class: 'dim clip' }, reason === '' ? row.id : reason)
      : el(
          'p',
          { class: 'dim clip' },
          snippet.before,
          el('mark', {}, snippet.found),
          snippet.after,
        ),
    el('p', { class: 'badges' }, ...badges(row)),
  );
  return line;
}

/** The few words on a row in the list and above it. */
export function badges(row) {
  const { status, reasons, message_count: messages, call_count: calls, worst, mark, source } = row;
  return [
    status === '' ? null : el('span', { class: `badge ${status}` }, status),
    ...reasons.map((reason) => el('span', { class: 'badge' }, words(reason))),
    worst === 'none' ? null : el('span', { class: `badge ${worst}` }, `has ${worst}s`),
    mark === null ? null : markBadge(mark),
    el('span', { class: 'dim' }, `${counted(messages, 'message')}, ${counted(calls, 'call')}`),
    state.sources.length > 1 ? el('span', { class: 'dim' }, source) : null,
  ];
}

function markBadge({ verdict, comment }) {
  const text = verdict === null ? 'comment' : `you: ${verdict}`;
  return el('span', { class: `badge mark ${verdict ?? ''}`, title: comment }, text);
}

/** Goes on in the list, by so many rows. */
export function step(by) {
  if (total > 0) openPlace(Math.min(Math.min(total, MOST_LINES) - 1, Math.max(0, at + by)));
}

async function openPlace(place) {
  at = place;
  const list = byId('list');
  const top = place * LINE;
  if (top < list.scrollTop) list.scrollTop = top;
  else if (top + LINE > list.scrollTop + list.clientHeight)
    list.scrollTop = top + LINE - list.clientHeight;
  draw();
  let row = rowAt(place);
  for (let tries = 0; row === undefined && tries < 100; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 30));
    if (at !== place) return;
    row = rowAt(place);
  }
  if (row !== undefined && at === place) await openRow(row.key);
}

let opening = 0;

/** Opens a row to read it. */
export async function openRow(key) {
  opening += 1;
  const mine = opening;
  const row = await ask('/api/row', { key });
  if (mine !== opening) return;
  state.row = row;
  state.beside = null;
  history.replaceState(null, '', `#row=${key}`);
  changed('row');
}

/** Opens a row beside the one that is read. */
export async function openBeside(key) {
  const row = await ask('/api/row', { key });
  state.beside = row;
  changed('row');
}
