import {
  article,
  isPlural,
  isUncountable,
  numberValue,
  singular,
  snake,
} from '../words/grammar.ts';
import { DETERMINERS, ING_NOUNS, STOPS, WEAK, WEAK_ALONE } from '../words/nouns.ts';
import { UNITS } from '../words/units.ts';
import { PARTICIPLES, THIRD_PERSONS } from '../words/verbs.ts';
import type { Token } from './tokens.ts';

/** A noun phrase without its determiner. */
export interface NounPhrase {
  /** As the text has it, in lower case unless it is a name: "booking number", "Bounce Keys switch". */
  text: string;
  head: string;
  plural: boolean;
  /** The article or pronoun before it ("the", "a", "your"), lower case, empty without one. */
  determiner: string;
  /** Index of the token after it. */
  next: number;
}

const LINKING_HEADS =
  /^(?:date|proof|copy|list|number|type|certificate|letter|terms|bill|power|state|change|piece|bottle|cup|bag|form|set|record|statement|notice|kind|name|code)$/;
const LONGEST = 4;

/** The noun phrase that begins at a token, or undefined where none does that could be named. */
export function nounPhraseAt(tokens: readonly Token[], from: number): NounPhrase | undefined {
  let at = afterBound(tokens, from);
  let determiner = '';
  for (let token = tokens[at]; token !== undefined; token = tokens[at]) {
    const isNumber = numberValue(token.text) !== undefined && !token.lower.startsWith('zero');
    if (!DETERMINERS.has(token.lower) && !isNumber && !isQuote(token)) break;
    if (determiner === '' && token.isWord && !isNumber) determiner = token.lower;
    at += 1;
  }
  const words = collect(tokens, at);
  return phrase(words, determiner, at + words.length);
}

/** The noun phrase that ends just before a token ("the unused deposit" before "is refunded"). */
export function nounPhraseBefore(tokens: readonly Token[], end: number): NounPhrase | undefined {
  let start = end;
  while (start > 0 && isPart(tokens, start - 1, end - start) && end - start < LONGEST) start -= 1;
  const words = tokens.slice(start, end);
  const determiner = tokens[start - 1]?.lower ?? '';
  const first = words[0];
  if (first !== undefined && DETERMINERS.has(first.lower)) return undefined;
  return phrase(words, DETERMINERS.has(determiner) ? determiner : '', end);
}

/** Where the number of "no more than six follow-ups" stands: a bound before a noun is none of its words. */
function afterBound(tokens: readonly Token[], from: number): number {
  const words = tokens.slice(from, from + 3).map((token) => token.lower);
  if (/^(?:no|not) (?:more|fewer|less) than$/.test(words.join(' '))) return from + 3;
  return /^(?:up to|at most|at least)$/.test(words.slice(0, 2).join(' ')) ? from + 2 : from;
}

function isQuote(token: Token): boolean {
  return /^["'“”‘’]$/.test(token.text);
}

function isPart(tokens: readonly Token[], at: number, taken: number): boolean {
  const token = tokens[at];
  if (token === undefined || !token.isWord || token.text.length < 2) return false;
  if (STOPS.has(token.lower) || DETERMINERS.has(token.lower) || /\//.test(token.text)) return false;
  if (
    taken > 0 &&
    /ly$/.test(token.lower) &&
    !/(?:assembly|supply|family|reply|anomaly)$/.test(token.lower)
  )
    return false;
  return true;
}

function collect(tokens: readonly Token[], from: number): Token[] {
  const words: Token[] = [];
  for (let at = from; words.length < LONGEST + 2; at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    const last = words.at(-1);
    const joins = token.lower === 'of' || token.text === '&';
    if (
      joins &&
      last !== undefined &&
      (token.text === '&' || LINKING_HEADS.test(singular(last.lower)))
    ) {
      const next = nounPhraseAt(tokens, at + 1);
      if (next === undefined || next.determiner !== '') break;
      words.push(...tokens.slice(at, next.next));
      break;
    }
    if (!isPart(tokens, at, 0) || (words.length > 0 && endsPhrase(token, tokens[at + 1]))) break;
    words.push(token);
  }
  return words;
}

/** Verb forms and adverbs after a noun end the phrase: "rack | assigned to", "goods | warmer than". */
function endsPhrase(token: Token, next: Token | undefined): boolean {
  if (/^[A-Z]/.test(token.text) && !/ly$/.test(token.lower)) return false;
  if (PARTICIPLES.has(token.lower)) return true;
  if (/ly$/.test(token.lower) && !/(?:assembly|supply|family|reply|anomaly)$/.test(token.lower))
    return true;
  if (/[^s]er$/.test(token.lower) && next?.lower === 'than') return true;
  if (/ing$/.test(token.lower)) return !ING_NOUNS.has(token.lower);
  return THIRD_PERSONS.has(token.lower) && !!next && DETERMINERS.has(next.lower);
}

function phrase(
  tokens: readonly Token[],
  determiner: string,
  next: number,
): NounPhrase | undefined {
  const words = tokens.filter((token) => !isQuote(token));
  const linked = words.findIndex((token) => token.lower === 'of');
  const headToken = words.at(linked > 0 ? linked - 1 : -1);
  if (headToken === undefined || words.length > LONGEST + 1) return undefined;
  const head = headToken.lower;
  const isName = words.length > 1 && words.every((token) => /^[A-Z]/.test(token.text));
  const text = words
    .map((token) => (keepsCase(token, isName) ? token.text : token.lower))
    .join(' ');
  if (!isNameable(text, head, words.length)) return undefined;
  return { text, head, plural: isPlural(head), determiner, next };
}

function keepsCase(token: Token, isName: boolean): boolean {
  return isName || /^[^a-z]{2,}$|.[A-Z]|\d/.test(token.text);
}

/** Whether a phrase can name a tool or stand in a sentence as it is. */
function isNameable(text: string, head: string, words: number): boolean {
  if (
    (WEAK.has(head) && (words === 1 || !WEAK_ALONE.has(head))) ||
    UNITS.has(head) ||
    head.length < 3 ||
    text.length > 40
  )
    return false;
  if (numberValue(text.split(' ')[0] ?? '') !== undefined) return false;
  if (/^[\d.]|\.\w|\bhttps?\b|www/.test(text)) return false;
  if (words === 1 && (PARTICIPLES.has(head) || /(?:ly|ing)$/.test(head)) && !ING_NOUNS.has(head))
    return false;
  return !/(?:^|\s)(?:e\.g|i\.e)/.test(text);
}

/** The phrase with the article it needs in a sentence: "a permit", "the pallets", "eligibility". */
export function withArticle(noun: NounPhrase, owner: 'my' | 'your' | 'the'): string {
  const { text, determiner, plural } = noun;
  if (/^(?:your|their|his|her|its|our|my)$/.test(determiner)) return `${owner} ${text}`;
  if ((determiner === 'a' || determiner === 'an') && !plural) return `${article(text)} ${text}`;
  if (determiner === 'the' || determiner === 'this' || determiner === 'these') return `the ${text}`;
  if (plural || isUncountable(noun.head) || /^[A-Z]/.test(text))
    return determiner === '' ? text : `the ${text}`;
  return `the ${text}`;
}

/** The last words of a phrase as a part of a tool's or parameter's name, in the singular where asked. */
export function nameOf(noun: Pick<NounPhrase, 'text' | 'head'>, one = false): string {
  const words = snake(noun.text)
    .split('_')
    .filter((word) => word !== '');
  const kept = words.includes('of') ? words.slice(0, 4) : words.slice(-3);
  const last = kept.at(-1);
  if (one && last !== undefined) kept[kept.length - 1] = singular(last);
  return kept.join('_');
}
