import { CLIENTS, STAFF } from './words/nouns.ts';
import { THIRD_PERSONS, VERBS } from './words/verbs.ts';

/** Cheap signs of a procedure in a text, each as a rate or a small count. */
export type Features = Record<FeatureName, number>;
export const FEATURE_NAMES = [
  'steps',
  'orders',
  'orderShare',
  'rules',
  'you',
  'actors',
  'limits',
  'sequence',
  'howTo',
  'past',
  'opinion',
  'reference',
  'code',
  'menus',
  'years',
  'clients',
  'conditions',
  'inner',
  'short',
] as const;
export type FeatureName = (typeof FEATURE_NAMES)[number];

const STEP = /^\s*(?:\d{1,2}[.)]|step \d+)\s+\S/gim;
const RULE =
  /\b(?:must|may not|cannot|should|have to|has to|need to|needs to|required|only if|unless|provided|no later than|at least|at most|up to|before you|once you|are not|is not)\b/gi;
const YOU = /\byou(?:r|'ll|’ll)?\b/gi;
const LIMIT =
  /\b\d+(?:\.\d+)? ?(?:days?|hours?|minutes?|weeks?|months?|%|kg|cm|mm|m|km|eur|usd|gb|mb|°c|people|items|nights?|times)\b|(?:\b(?:EUR|USD|GBP)|[$€£]) ?\d/gi;
const SEQUENCE =
  /\b(?:first|then|next|finally|afterwards|after that|before|once|when|until|as soon as|step)\b/gi;
const HOW_TO =
  /\b(?:how (?:to|do i|can i)|follow these|to (?:apply|register|book|cancel|change|set up|install|configure|create|add)|instructions|what (?:do|should) i)\b/gi;
const PAST =
  /\b(?:was|were|had|did|said|became|began|took|came|went|made|wrote|told|[a-z]{3,}ed)\b/gi;
const OPINION =
  /\b(?:i|my|our nation|nation|people|world|think|believe|feel|perhaps|never|love|beautiful|he|she|his|her)\b/gi;
const REFERENCE =
  /\b(?:returns?|defines?|specifies|displays|contains|refers? to|is a|is an|are the|known as|called|means|used (?:for|to|in)|parameters?|syntax|example|function|value)\b/gi;
const CODE =
  /\b(?:Sub|End Sub|Dim|MsgBox|As (?:Integer|String|Long|Boolean)|Next|Print #)\b|[{};]\s*$/gm;
const MENU = /\bChoose [A-Z]|\b(?:click|press|select|open|tap|type)\b/gi;
const YEAR = /\b(?:1[5-9]\d\d|20[0-4]\d)\b/g;
const CLIENT = new RegExp(`\\b(?:${[...CLIENTS].join('|')})s?\\b`, 'gi');
const CONDITION =
  /\b(?:if|unless|provided|except|otherwise|as long as|whoever|without|only|until|within|no more than|free of charge|in person|in advance|beforehand)\b/gi;
const INNER_ORDER = new RegExp(
  `(?:,|\\band|\\bthen|\\bor) (?:${[...VERBS.keys()].join('|')}) (?:the|a|an|your|it|them|in|on|off|any)\\b`,
  'gi',
);
const ORDER_LEAD =
  /^(?:(?:first|then|next|finally|now|please|also|afterwards)[, ]+|(?:to|if|when|once|after|before|for|in|on|under|from) [^,.]{3,70}, )?/i;

/** The features of a passage. One pass of a few regular expressions; no grammar. */
export function featuresOf(text: string): Features {
  const words = Math.max(30, text.split(' ').length);
  const rate = (pattern: RegExp): number => Math.min((100 * count(text, pattern)) / words, 12);
  const steps = Math.min(count(text, STEP), 10);
  const { orders, sentences, actors } = scan(text);
  return {
    steps: Math.log1p(steps),
    orders: Math.log1p(orders),
    orderShare: orders / sentences,
    rules: rate(RULE),
    you: rate(YOU),
    actors: Math.min((100 * actors) / words, 6),
    limits: rate(LIMIT),
    sequence: rate(SEQUENCE),
    howTo: Math.log1p(count(text, HOW_TO)),
    past: rate(PAST),
    opinion: rate(OPINION),
    reference: rate(REFERENCE),
    code: Math.log1p(count(text, CODE)),
    menus: rate(MENU),
    years: Math.log1p(count(text, YEAR)),
    clients: rate(CLIENT),
    conditions: rate(CONDITION),
    inner: rate(INNER_ORDER),
    short: words < 60 ? 1 : 0,
  };
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

/** Sentences and lines that begin with an order, and people who are said to do an operation. */
function scan(text: string): { orders: number; sentences: number; actors: number } {
  const parts = text.split(/[.!?:;]\s+|\n+/);
  let [orders, sentences, actors] = [0, 0, 0];
  for (const part of parts) {
    if (part.length < 8) continue;
    sentences += 1;
    const bare = part.replace(/^\s*(?:\d{1,2}[.)]|[-*•–]|step \d+:?)\s+/i, '');
    const start = bare.slice(ORDER_LEAD.exec(bare)?.[0].length ?? 0);
    const space = start.search(/[^A-Za-z-]/);
    if (space > 1 && VERBS.has(start.slice(0, space).toLowerCase())) orders += 1;
    else actors += actorsIn(bare);
  }
  return { orders, sentences: Math.max(sentences, 1), actors };
}

const WORDS = /[A-Za-z]+/g;
const MODAL = /^(?:must|should|can|may|will|cannot|then|first|also|has|have|needs?)$/;

function actorsIn(sentence: string): number {
  const words = sentence.match(WORDS) ?? [];
  let found = 0;
  for (let at = 0; at + 1 < words.length; at += 1) {
    const word = (words[at] ?? '').toLowerCase();
    const one = word.endsWith('s') ? word.slice(0, -1) : word;
    if (!CLIENTS.has(one) && !STAFF.has(one) && word !== 'you') continue;
    const next = (words[at + 1] ?? '').toLowerCase();
    if (MODAL.test(next) || THIRD_PERSONS.has(next) || VERBS.has(next)) found += 1;
  }
  return found;
}
