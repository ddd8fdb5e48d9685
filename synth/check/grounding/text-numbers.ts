import { momentsIn } from '../../../core/text/dates.ts';
import { type Quantity, quantitiesIn } from '../../../core/text/quantities.ts';
import type { Row } from '../row.ts';
import { type Sight, sightOf } from './sight.ts';
import { type Trace, tracesOf } from './trace.ts';
import { cents, isDerived, runsOf } from './worked-out.ts';

/** A number in a free text of a call that nobody gave. */
export interface TextNumber {
  trace: Trace;
  text: string;
}

const MAX_TEXT = 10_000;
const MAX_NUMBERS = 100;
/** With more numbers than these chance gives nearly any. */
const MAX_POOL = 12;

/** Numbers in the free texts of calls (messages, summaries, notes) that occur in nothing before, nor in the call itself. */
export function textNumbers(row: Row): TextNumber[] {
  const sight = sightOf(row);
  return tracesOf(row).flatMap((trace) => {
    const { leaf, argument, match, call } = trace;
    if (argument !== 'text' || typeof leaf.value !== 'string' || match.kind === 'exact') return [];
    if (!/\d/.test(leaf.value) || !/\s/.test(leaf.value.trim())) return [];
    const text = leaf.value.slice(0, MAX_TEXT);
    const moments = momentsIn(text);
    const all = quantitiesIn(text).slice(0, MAX_NUMBERS);
    return all
      .filter((one) => !isWorkedOut(one, all))
      .filter(
        (one) =>
          isTelling(one, text) &&
          !moments.some(({ start, end }) => start <= one.start && one.start < end) &&
          !isGiven(one, text, sight, call.message) &&
          !call.text.replace(JSON.stringify(leaf.value), '').includes(digitsOf(one, text)),
      )
      .map(({ start, end }) => ({ trace, text: text.slice(start, end) }));
  });
}

/** Whether other numbers of the text give it: "137 and 177, so 314". */
function isWorkedOut({ value }: Quantity, all: readonly Quantity[]): boolean {
  const others = all.map((one) => one.value).filter((other) => other !== value);
  if (runsOf(others).has(cents(value))) return true;
  return others.length <= MAX_POOL && isDerived(value, others);
}

/** Money, measures and larger numbers; small ones count and number things. */
function isTelling({ value, unit, spelled, ordinal, start }: Quantity, text: string): boolean {
  if (spelled || ordinal || Math.abs(value) < 2) return false;
  const numbersLine = /(?:^|\n)[ *(-]*$/.test(text.slice(Math.max(0, start - 4), start));
  return !numbersLine && (unit !== null || Math.abs(value) >= 10);
}

function isGiven(one: Quantity, text: string, sight: Sight, before: number): boolean {
  const { value, dimension, base } = one;
  if (sight.number(value, before) ?? sight.number(-value, before)) return true;
  if (dimension !== null && dimension !== 'money' && sight.measure(dimension, base, before))
    return true;
  if (sight.phrase(digitsOf(one, text), before) !== undefined) return true;
  const said = sight.said.number(value)?.place.origin.message;
  return said !== undefined && said < before;
}

function digitsOf({ start, end }: Quantity, text: string): string {
  return /\d[\d.,]*\d|\d/.exec(text.slice(start, end))?.[0] ?? '';
}
