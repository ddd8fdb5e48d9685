import { sourceOf } from '../faithfulness/analysis.ts';
import { trace } from '../faithfulness/match.ts';
import { readSentences, type Sentence } from '../faithfulness/sentences.ts';
import { snakeCase } from '../grounding/argument-kind.ts';
import { shorten } from '../json-path.ts';
import type { Hit, Row } from '../row.ts';
import { type Exchange, exchangesOf } from './exchanges.ts';
import { type UnknownNumber, unknownNumbers } from './stated-numbers.ts';

/** The words that make a number a limit: before it, and after it. */
const LIMIT_BEFORE =
  /\b(?:up to|at most|at least|no (?:more|less|fewer|later) than|within|in|maximum|minimum|limit|less than|more than|fewer than|exceed\w*|until|over|under|past|last|first|beyond|outside)\b[^\d.;]{0,20}$/i;
const LIMIT_AFTER =
  /^[\s-]*(?:per\b|or (?:less|more)|at most|ago|after|before|window|limit|period|policy|rule|deadline|mark|of (?:booking|purchase|delivery|the)|(?:cancellation|grace|refund|return) )/i;

/** That nobody gave the number says much already; the units must be the same. */
const LOOSE = { alone: 0.3, elsewhere: 0.8 };

/** Limits in the assistant's texts that nobody gave, where the system message gives the same limit another value. */
export function misquotedRules(row: Row): Hit[] {
  const unknown = unknownNumbers(row).filter((one) => isLimit(one));
  const system = row.messages.find(({ role }) => role === 'system')?.content ?? '';
  if (unknown.length === 0 || system.trim() === '') return [];
  const source = sourceOf(system);
  return unknown.flatMap((one): Hit[] => {
    const sentence = sentenceOf(one);
    const found = sentence && trace(sentence, source, LOOSE).contradictions;
    const other = found?.find(
      ({ said, source: { unit } }) => said.plain.includes(one.value) && said.unit === unit,
    );
    if (other === undefined) return [];
    const text = `"${shorten(one.text, 40)}" in "${shorten(other.saidIn.text, 100)}", where the system message has "${shorten(other.source.text, 40)}": "${shorten(other.sourceIn.text, 100)}"`;
    return [{ message_index: one.message.index, path: 'content', text }];
  });
}

function isLimit({ message: { content }, start, text }: UnknownNumber): boolean {
  const end = start + text.length;
  return (
    LIMIT_BEFORE.test(content.slice(Math.max(0, start - 40), start)) ||
    LIMIT_AFTER.test(content.slice(end, end + 24))
  );
}

/** The sentence of a text that states the number. */
function sentenceOf({ message: { content }, start, value }: UnknownNumber): Sentence | undefined {
  const from = content.lastIndexOf('\n', start) + 1;
  const end = content.indexOf('\n', start);
  const line = content.slice(from, end < 0 ? undefined : end);
  return readSentences(line.slice(0, 2000)).find(({ facts }) =>
    facts.some(({ plain }) => plain.includes(value)),
  );
}

const AMOUNT = /(?:^|_)(?:amount|total|price|cost|fee|refund|paid|charge|payment|balance)(?:_|$)/;

/** Amounts that nobody gave, said of what a call of the same turn did with another amount. */
export function wrongAmounts(row: Row): Hit[] {
  return unknownNumbers(row).flatMap((one): Hit[] => {
    if (one.unit === null || !/[$€£]|\b[A-Z]{3}\b/.test(one.text)) return [];
    const sentence = sentenceOf(one)?.text.toLowerCase() ?? '';
    const done = doneBefore(row, one.message.index).find((exchange) => isAbout(exchange, sentence));
    const amounts = done === undefined ? new Set<number>() : amountsOf(done);
    const [amount] = amounts;
    if (done === undefined || amount === undefined || amounts.size > 1) return [];
    const text = `"${shorten(one.text, 40)}" is said of ${shorten(done.call.name, 64)}, which had ${amount}`;
    return [{ message_index: one.message.index, path: 'content', text }];
  });
}

/** The writes that were made since the user last spoke. */
function doneBefore(row: Row, index: number): Exchange[] {
  const asked = row.messages.findLastIndex((one) => one.role === 'user' && one.index < index);
  return exchangesOf(row).filter(
    ({ message, read, failed }) => message > asked && message < index && !read && !failed,
  );
}

function amountsOf({ args, result }: Exchange): Set<number> {
  const leaves = [...args, ...(result?.leaves ?? [])];
  return new Set(
    leaves.flatMap(({ key, value }) =>
      typeof value === 'number' && AMOUNT.test(snakeCase(key)) ? [value] : [],
    ),
  );
}

/** Whether a sentence names what the tool is about: the nouns of its name. */
function isAbout({ call }: Exchange, sentence: string): boolean {
  const words = snakeCase(call.name)
    .split('_')
    .slice(1)
    .filter((word) => word.length > 3);
  return words.some((word) => sentence.includes(word));
}
