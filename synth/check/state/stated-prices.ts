import { nearly, type Quantity } from '../../../core/text/quantities.ts';
import { sightOf } from '../grounding/sight.ts';
import { shorten } from '../json-path.ts';
import type { Hit, Row, RowMessage } from '../row.ts';
import { idsIn, idsOf, quantitiesOf } from './message-reading.ts';
import { type RecordPrice, RecordPrices } from './record-prices.ts';

/** How far before a price the id of its record may stand. */
const MAX_DISTANCE = 300;
/** Words beside a price that say nothing but that it is one; others may make it a sum or a share. */
const PLAIN = new Set(
  'price prices fare cost costs at is the a class cabin in flight usd'.split(' '),
);
/** What follows a price that is not the record's own. */
const NOT_OWN =
  /^[\s*_]*(?:per (?!passenger|person|ticket|traveler|traveller|seat|adult|item)|total|in total|x\b|×|\*(?!\*)|[+=/–-]|to\b|or (?:more|less)\b|for (?:both|all|two|three|four|\d)|after|before|less|more|off|discount|credit|difference|refund|charged|back\b|saved|paid)/i;
const MONEY = /[$€£¥₹]|\b(?:usd|eur|gbp|chf|dollars?|euros?|pounds?)\b/i;
const LIST_MARK = /^\s*(?:[-*•]+|\d+[.)])\s*/;

/** Prices in the assistant's texts that are said of a record by its id and that no result gives for it. */
export function wrongPrices(row: Row): Hit[] {
  const prices = new RecordPrices(sightOf(row));
  return row.messages.flatMap((message) =>
    message.role === 'assistant' && message.content !== '' ? pricesIn(message, prices) : [],
  );
}

function pricesIn(message: RowMessage, prices: RecordPrices): Hit[] {
  const { content, index } = message;
  if (!MONEY.test(content)) return [];
  const amounts = quantitiesOf(message).filter(({ dimension }) => dimension === 'money');
  const ids = amounts.length === 0 ? [] : idsOf(message);
  return amounts.flatMap((amount): Hit[] => {
    const label = labelOf(content, amount);
    const id = label === undefined ? undefined : subjectOf(content, amount, ids);
    if (id === undefined || label === undefined) return [];
    const own = meantBy(label, prices.of(id, index));
    if (own.length === 0 || own.some(({ value }) => mayBe(amount.value, value))) return [];
    const known = [...new Set(own.map(({ value, words }) => `${words.join(' ')} ${value}`))];
    const text = `"${shorten(content.slice(amount.start, amount.end), 40)}" is said of ${shorten(id, 40)}, for which results have ${shorten(known.join(', '), 80)}`;
    return [{ message_index: index, path: 'content', text }];
  });
}

/** The id that stands last before a price: in its line, or in lines above that are not parted by an empty one. */
function subjectOf(
  text: string,
  { start }: Quantity,
  ids: readonly { id: string; start: number }[],
): string | undefined {
  const last = ids.findLast((one) => one.start < start);
  if (last === undefined || start - last.start > MAX_DISTANCE) return undefined;
  const between = text.slice(last.start, start);
  if (/\n\s*\n/.test(between)) return undefined;
  // Ids with no price between them share the one that follows: the flights of a connection.
  const other = ids.findLast((one) => one.start < last.start && one.id !== last.id);
  const apart = other === undefined ? '\n\n' : text.slice(other.start, last.start);
  if (!/\n\s*\n/.test(apart) && !MONEY.test(apart)) return undefined;
  // Two ids in one line share what follows: a connection, or one thing exchanged for another.
  const line = text.slice(text.lastIndexOf('\n', last.start) + 1, start);
  return idsIn(line).filter(({ id }) => id !== last.id).length > 0 ? undefined : last.id;
}

/** The words that a price is labelled with; undefined where they may make it something else than a record's own. */
function labelOf(text: string, { start, end }: Quantity): string[] | undefined {
  if (NOT_OWN.test(text.slice(end, end + 30))) return undefined;
  const line = text.slice(text.lastIndexOf('\n', start) + 1, start).replace(LIST_MARK, '');
  const segment = line.slice(
    Math.max(...[',', ';', '|', '('].map((sign) => line.lastIndexOf(sign))) + 1,
  );
  const behind = /^[\s*_]*\(([^)\n]{1,30})\)/.exec(text.slice(end, end + 40))?.[1] ?? '';
  if (/\d|\$/.test(behind)) return undefined;
  const ids = new Set(idsIn(segment).map(({ id }) => id));
  const words = `${segment} ${behind}`
    .split(/[\s:*_]+/)
    .filter((word) => word !== '' && !ids.has(word));
  if (words.some((word) => !/^[\p{L}]+$/u.test(word))) return undefined;
  // Alone in a line of its own a price may be of anything.
  if (words.length === 0 && idsIn(line).length === 0) return undefined;
  return words.map((word) => word.toLowerCase());
}

/**
 * The prices of the name that a label has, the longest one, with those that are called nothing but price; all
 * where it has no name, and none where it says more.
 */
function meantBy(label: readonly string[], prices: readonly RecordPrice[]): RecordPrice[] {
  const said = new Set(label);
  const names = new Set(prices.flatMap(({ words }) => words));
  if (label.some((word) => !PLAIN.has(word) && !names.has(word))) return [];
  const isNamed = ({ words }: RecordPrice): boolean => words.some((word) => !PLAIN.has(word));
  const named = prices.filter((one) => isNamed(one) && one.words.every((word) => said.has(word)));
  const longest = Math.max(0, ...named.map(({ words }) => words.length));
  if (named.length === 0) return [...prices];
  return prices.filter((one) =>
    isNamed(one) ? named.includes(one) && one.words.length === longest : true,
  );
}

/** The price itself, to the cent or rounded. */
function mayBe(said: number, price: number): boolean {
  return nearly(said, Math.round(price)) || Math.abs(said - price) < 0.0051;
}
