import { ask } from './ask.js';
import { count, el, scrollTo } from './dom.js';

/**
 * A text in its pieces: plain ones as text, those that something is told of as elements.
 * @param row the row that the numbers in the pieces mean
 * @param where the parameters by which the rest of a long text is asked for
 */
export function textPart(shown, row, where) {
  const body = el('div', { class: shown.is_json ? 'text json' : 'text' });
  body.append(...shown.pieces.map((piece) => piecePart(piece, row)));
  if (shown.rest === null) return body;
  const more = el('button', { type: 'button', class: 'more' });
  const label = (rest) =>
    `Show more of ${count(shown.length)} characters (${count(shown.length - rest)} left)`;
  let rest = shown.rest;
  more.textContent = label(rest);
  more.addEventListener('click', async () => {
    const part = await ask('/api/text', { ...where, from: rest });
    body.append(document.createTextNode(part.text));
    rest = part.rest;
    if (rest === null) more.remove();
    else more.textContent = label(rest);
  });
  return el('div', {}, body, more);
}

function piecePart({ text, findings = [], arguments: args = [], sources = [], quotes = [] }, row) {
  if (args.length > 0) return argumentPart(text, args[0], findings, row);
  if (findings.length + sources.length + quotes.length === 0) return text;
  const kinds = [
    findings.length > 0 ? `found ${row.findings[findings[0]].severity}` : '',
    sources.length > 0 ? 'source' : '',
    quotes.length > 0 ? 'quote' : '',
  ];
  const told = [
    ...findings.map((number) => `${row.findings[number].code}: ${row.findings[number].text}`),
    ...quotes.map((number) => `rule: ${row.workflow.constraints[number].rule}`),
  ];
  return el(
    'span',
    {
      class: kinds.join(' ').trim(),
      title: told.length > 0 ? told.join('\n') : undefined,
      dataset: { sources: ` ${sources.join(' ')} ` },
    },
    text,
  );
}

/** An argument's value: shows on touch and focus where it was said, and leads there. */
function argumentPart(text, number, findings, row) {
  const grounding = row.groundings[number];
  const found = findings.map((index) => `${row.findings[index].code}: ${row.findings[index].text}`);
  const said = groundingWords(grounding);
  const show = (isOn) => (event) => light(event.target, number, isOn);
  return el(
    'button',
    {
      type: 'button',
      class: `argument ${grounding.kind} ${findings.length > 0 ? `found ${row.findings[findings[0]].severity}` : ''}`,
      title: [said, ...found].join('\n'),
      onpointerenter: show(true),
      onpointerleave: show(false),
      onfocus: show(true),
      onblur: show(false),
      onclick: ({ target }) => {
        const [first] = sourcesOf(target, number);
        scrollTo(first, 'center');
      },
    },
    text,
  );
}

const KINDS = {
  exact: 'said in these words',
  normalised: 'said, written otherwise',
  joined: 'put together from what was said',
  number: 'a number that was given',
  unit: 'a quantity in another unit',
  arithmetic: 'worked out from what was given',
  date: 'a date that was given',
  time: 'a time that was given',
  relative: 'a date told by another',
  enum: 'one of the values that the tool allows',
  boolean: 'yes or no',
  default: 'a value that the tool’s schema gives',
  repeated: 'an argument of an earlier call',
  trivial: 'a value that needs no source',
  proposed: 'proposed by the assistant before',
  sibling: 'from a result in the same turn',
  derived: 'in words that were used before',
  ungrounded: 'no source found before the call',
};

export function groundingWords({ kind, source }) {
  const place = source === null ? '' : `, message ${source.message_index}`;
  return `${KINDS[kind] ?? kind}${place}`;
}

function light(target, number, isOn) {
  for (const source of sourcesOf(target, number)) source.classList.toggle('lit', isOn);
}

function sourcesOf(target, number) {
  const conversation = target.closest('.conversation');
  return conversation?.querySelectorAll(`.source[data-sources*=" ${number} "]`) ?? [];
}
