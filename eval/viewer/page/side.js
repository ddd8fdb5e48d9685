import { byId, count, counted, el, notice, words } from './dom.js';
import { badges, openBeside, openRow } from './list.js';
import { findingPart } from './message.js';
import { on, state } from './state.js';
import { groundingWords, textPart } from './text.js';

export function startSide() {
  on('row', show);
}

function show() {
  const { row } = state;
  byId('side').replaceChildren(
    ...[
      passagePart(row),
      findingsPart(row),
      judgePart(row),
      groundingsPart(row),
      samePassagePart(row),
      toolsPart(row),
      workflowPart(row),
    ].filter((part) => part !== null),
  );
  byId('side').scrollTop = 0;
}

function part(title, figure, isOpen, ...children) {
  return el(
    'details',
    { class: 'part', open: isOpen },
    el('summary', {}, title, figure === '' ? null : el('span', { class: 'dim' }, ` ${figure}`)),
    ...children,
  );
}

function passagePart(row) {
  const { passage } = row;
  if (passage === null) return null;
  const facts = [passage.id, passage.licence, passage.url]
    .filter((fact) => fact !== '')
    .join(' · ');
  return part(
    passage.title === '' ? 'Passage' : `Passage: ${passage.title}`,
    '',
    true,
    el('div', { class: 'passage' }, textPart(passage.text, row, { key: row.key, part: 'passage' })),
    el('p', { class: 'dim' }, facts),
  );
}

function findingsPart(row) {
  const { findings, checked_now, untraced } = row;
  const made = checked_now && findings.length > 0 ? ' The row has none of its own: found now.' : '';
  if (findings.length === 0 && !checked_now) return null;
  return part(
    'Findings',
    count(findings.length),
    findings.length > 0,
    made === '' && untraced === '' ? null : el('p', { class: 'dim' }, `${made} ${untraced}`.trim()),
    findings.length === 0 && untraced === ''
      ? el('p', { class: 'dim' }, 'The checks found nothing.')
      : null,
    el('ul', { class: 'findings' }, ...findings.map((finding) => findingPart(finding, row))),
  );
}

function judgePart({ judge }) {
  if (judge === null) return null;
  const rubrics = Object.entries(judge.rubrics).map(([name, score]) =>
    el(
      'li',
      {},
      el(
        'span',
        { class: `badge ${score === 1 ? 'accepted' : 'error'}` },
        score === 1 ? 'passed' : 'failed',
      ),
      ` ${words(name)}`,
    ),
  );
  return part(
    'Judge',
    judge.model,
    true,
    el('ul', { class: 'plain' }, ...rubrics),
    el('p', {}, judge.reason),
  );
}

function groundingsPart({ groundings, untraced }) {
  if (groundings.length === 0)
    return untraced === ''
      ? null
      : part('Where arguments come from', '', false, el('p', { class: 'dim' }, untraced));
  const counts = new Map();
  for (const { kind } of groundings) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const lines = [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([kind, times]) =>
      el(
        'li',
        { class: kind },
        el('span', { class: 'figure' }, count(times)),
        ` ${groundingWords({ kind, source: null })}`,
      ),
    );
  return part(
    'Where arguments come from',
    counted(groundings.length, 'value'),
    false,
    el('p', { class: 'dim' }, 'Point at a value of a call to see where it was said.'),
    el('ul', { class: 'plain' }, ...lines),
  );
}

function samePassagePart({ same_passage: samePassage }) {
  if (samePassage.length === 0) return null;
  const lines = samePassage.map((other) =>
    el(
      'li',
      { class: 'same' },
      el('p', {}, other.title),
      el('p', { class: 'badges' }, ...badges(other)),
      el('button', { type: 'button', onclick: () => openBeside(other.key) }, 'Beside this'),
      el('button', { type: 'button', class: 'quiet', onclick: () => openRow(other.key) }, 'Open'),
    ),
  );
  return part(
    'Of the same passage',
    count(lines.length),
    true,
    el('ul', { class: 'plain' }, ...lines),
  );
}

/** Shows another trajectory of the same passage beside this one: of another run where there is one. */
export function compare() {
  const { row } = state;
  if (row === null) return;
  const other = row.same_passage.find(({ source }) => source !== row.source) ?? row.same_passage[0];
  if (other === undefined) notice('No other trajectory of this passage is open here.');
  else openBeside(other.key);
}

function toolsPart(row) {
  const lines = row.tools.map(({ name, description, is_called, parameters }, tool) =>
    el(
      'details',
      { class: 'tool' },
      el(
        'summary',
        {},
        el('code', {}, name),
        is_called ? null : el('span', { class: 'dim' }, ' not called'),
      ),
      el('p', {}, description),
      textPart(parameters, row, { key: row.key, part: 'tool', tool }),
    ),
  );
  return part('Tools', count(lines.length), lines.length < 8, ...lines);
}

function workflowPart({ workflow, repairs }) {
  if (workflow === null) return null;
  return part(
    'Workflow',
    repairs > 0 ? `mended ${counted(repairs, 'time')}` : '',
    false,
    el('ol', {}, ...workflow.steps.map((step) => el('li', {}, step))),
    workflow.graph === '' ? null : el('p', {}, el('code', {}, workflow.graph)),
    ...workflow.constraints.map(({ rule, quote }) =>
      el('p', {}, rule, ' ', el('span', { class: 'quote' }, quote)),
    ),
  );
}
