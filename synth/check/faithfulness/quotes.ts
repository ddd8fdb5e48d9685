import { nearly } from '../../../core/text/quantities.ts';
import type { Constraint } from '../../../core/workflow.ts';
import { wholeFact } from '../rules/bounds.ts';
import { type Direction, directionOf } from './direction.ts';
import { agree, type Fact, factsIn } from './facts.ts';
import { fold } from './fold.ts';

const MAX_QUOTE = 4000;

/** Whether a quote stands in a text (folded): whole, or its pieces in order where it leaves words out by dots. */
export function hasQuote(foldedText: string, quote: string): boolean {
  let from = 0;
  for (const piece of quote.slice(0, MAX_QUOTE).split(/\[?(?:\.{3,}|…)\]?/)) {
    const folded = fold(piece);
    if (folded.trim() === '') continue;
    const at = foldedText.indexOf(folded, from);
    if (at < 0) return false;
    from = at + folded.length - 1;
  }
  return true;
}

/** Why a constraint's value is not its quote's; undefined where it is, or where that cannot be told. */
export function valueProblem(constraint: Constraint): string | undefined {
  const { value, operator, quote, unit } = constraint;
  if (value === undefined || operator === 'after' || typeof value === 'boolean') return undefined;
  const text = quote.slice(0, MAX_QUOTE);
  const facts = factsIn(text);
  for (const one of Array.isArray(value) ? value : [value]) {
    if (typeof one === 'boolean') continue;
    const isNumber = typeof one === 'number';
    if (!isNumber && !/^\D{0,3}\d/.test(one)) continue;
    const wanted = wholeFact(String(one), unit);
    if (wanted === undefined || inQuote(wanted, text, facts, isNumber)) continue;
    return `${String(one)}${unit === undefined ? '' : ` ${unit}`}`;
  }
  return undefined;
}

/** What a quote makes its value where the operator makes it the contrary; undefined where they agree or cannot be told. */
export function turnedOperator({
  operator,
  value,
  quote,
  unit,
}: Constraint): Direction | undefined {
  const own = operator === '<=' ? 'most' : operator === '>=' ? 'least' : undefined;
  if (own === undefined || (typeof value !== 'number' && typeof value !== 'string'))
    return undefined;
  const text = quote.slice(0, MAX_QUOTE);
  const wanted = wholeFact(String(value), unit);
  if (wanted === undefined || TURNS.test(text)) return undefined;
  const facts = factsIn(text).filter((fact) => fact.kind !== 'date' && agree(fact, wanted));
  const directions = new Set(facts.map((fact) => directionOf(text, fact)));
  const [only, ...others] = directions;
  return only !== undefined && others.length === 0 && only !== own ? only : undefined;
}

/** Words that turn a limit round: what was at least 3 days before is at most 3 days away. */
const TURNS = /\b(?:before|prior|advance|unless|except|not|never|cannot|refus\w*|den\w+|ago)\b/i;

function inQuote(wanted: Fact, quote: string, facts: readonly Fact[], isNumber: boolean): boolean {
  const isWhole = facts.some((fact) => agree(fact, wanted));
  if (isWhole || facts.some((fact) => hasSides(fact, wanted))) return true;
  const [number] = wanted.plain;
  if (number === undefined) return true;
  if (
    number === 0 ||
    (number === 1 && /\b(?:an?|one|once|single|per|each|first|only)\b/i.test(quote))
  )
    return true;
  if (WORDS.some(([word, value]) => value === number && word.test(quote))) return true;
  const plain = facts.flatMap((fact) => fact.plain);
  if (isNumber && STRICT.test(quote) && plain.some((one) => Math.abs(one - number) === 1))
    return true;
  if (facts.some((fact) => fact.kind === 'time' && isHour(fact, number))) return true;
  const isShare = facts.some(
    ({ kind, plain: [one = 0] }) => kind === 'share' && nearly(one / 100, number),
  );
  return isShare || otherUnitOf(wanted, quote);
}

/** 80 of "80 x 180 cm"; the units must agree where both have one. */
function hasSides(fact: Fact, wanted: Fact): boolean {
  if (fact.values.length < 2) return false;
  const list = fact.kind === 'count' || wanted.kind === 'count' ? 'plain' : 'values';
  if (list === 'values' && fact.kind !== wanted.kind) return false;
  return wanted[list].every((value) => fact[list].some((side) => nearly(side, value)));
}

/** A rule against "under 5" may be written as at most 4. */
const STRICT =
  /(?<!\b(?:no|not|nor) )\b(?:less|fewer|more|over|under|above|below|before|after|exceed(?:s|ing)?|older|younger|beyond)\b/i;

const WORDS: readonly (readonly [RegExp, number])[] = [
  [/\b(?:twice|double|second|both|pair|couple|two)\b/i, 2],
  [/\b(?:thrice|triple|third)\b/i, 3],
  [/\bfourth|quarter\b/i, 4],
  [/\bfifth\b/i, 5],
  [/\bdozen\b/i, 12],
  [/\b(?:half|halved)\b/i, 0.5],
  [/\b(?:half|halved)\b/i, 50],
  [/\bquarter\b/i, 25],
  [/\bweek(?:ly)?\b/i, 7],
  [/\bfortnight\b/i, 14],
  [/\b(?:day|daily|overnight)\b/i, 24],
  [/\b(?:an|per|one) hour\b/i, 60],
  [/\b(?:a|per|one) minute\b/i, 60],
  [/\bmonth(?:ly)?\b/i, 30],
  [/\byear(?:ly)?|annual(?:ly)?\b/i, 12],
  [/\byear(?:ly)?|annual(?:ly)?\b/i, 365],
];

/** 18 or 18.5 or 1830 for 18:30. */
function isHour({ values: [minutes = 0] }: Fact, number: number): boolean {
  return nearly(minutes / 60, number) || Math.floor(minutes / 60) * 100 + (minutes % 60) === number;
}

/** The number with another word for its unit than the quote has, where neither is a known unit. */
function otherUnitOf(wanted: Fact, quote: string): boolean {
  if (wanted.kind !== 'count' && wanted.kind !== 'ordinal') return false;
  const digits = wanted.text.match(/\d+(?:[.,]\d+)*/)?.[0];
  if (digits === undefined) return false;
  return new RegExp(`(?<![\\d.,])${digits.replaceAll('.', '\\.')}(?!\\d|[.,]\\d)`).test(quote);
}
