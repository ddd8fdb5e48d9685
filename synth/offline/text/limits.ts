import type { ConstraintOperator } from '../../../core/workflow.ts';
import { NUMBER_PATTERN, numberValue, plural, singular } from '../words/grammar.ts';
import { countable, UNITS, type Unit } from '../words/units.ts';
import { VERBS } from '../words/verbs.ts';
import { nameOf, nounPhraseAt } from './noun-phrase.ts';
import type { Sentence } from './sentences.ts';
import { type Token, tokenise } from './tokens.ts';

type Bound = Extract<ConstraintOperator, '<=' | '<' | '>=' | '>'>;

/** A number of the text that bounds what is permitted. */
export interface Limit {
  /** Name and description of the parameter that it bounds. */
  parameter: string;
  description: string;
  unit: Unit;
  bounds: { operator: Bound; value: number }[];
  sentence: number;
  /** Offset of the number in its sentence. */
  at: number;
}

/** The limits of a passage. Numbers that only inform (prices, usual durations, conditions of something else) are none. */
export function findLimits(sentences: readonly Sentence[]): Limit[] {
  return sentences.flatMap((sentence, index) =>
    sentence.kind === 'heading'
      ? []
      : inSentence(sentence.text).map((limit) => ({ ...limit, sentence: index })),
  );
}

const QUANTITY = new RegExp(
  `([$€£]|\\b(?:EUR|USD|GBP|CHF) )?(?<![\\w.,])(${NUMBER_PATTERN})(?:\\s*(?:to|and|-|–)\\s*(${NUMBER_PATTERN}))?(?![\\w]*\\d|(?:st|nd|rd|th)\\b|:\\d)`,
  'gi',
);

function inSentence(text: string): Omit<Limit, 'sentence'>[] {
  const limits: Omit<Limit, 'sentence'>[] = [];
  for (const match of text.matchAll(QUANTITY)) {
    const [whole, currency, first = '', second] = match;
    const low = numberValue(first);
    if (low === undefined || low === 0) continue;
    const before = text.slice(0, match.index);
    const after = text.slice(match.index + whole.length);
    const measured = measure(currency, after);
    if (measured === undefined) continue;
    const high = second === undefined ? undefined : numberValue(second);
    const bounds =
      high === undefined ? bound(before, measured.rest, low) : range(before, low, high);
    if (bounds.length === 0 || !isRule(before, measured.rest)) continue;
    const relation = relationOf(before, measured.rest.replace(OR_MORE, ''), measured.unit);
    if (relation === undefined) continue;
    limits.push({
      ...relation,
      unit: measured.unit,
      bounds: bounds.map((one) => turned(one, before, measured.rest)),
      at: match.index,
    });
  }
  return limits;
}

const OR_MORE = /^ or (?:more|less|fewer|longer)\b/i;

interface Measured {
  unit: Unit;
  rest: string;
}

/** The unit of a number: a currency before it, a unit after it, or the countable noun after it. */
function measure(currency: string | undefined, after: string): Measured | undefined {
  const sign = currency === undefined ? undefined : UNITS.get(currency.trim().toLowerCase());
  if (sign !== undefined) return { unit: sign, rest: after };
  const tokens = tokenise(after.slice(0, 80));
  const skip = /^(?:working|business|full|whole|calendar|consecutive|-|–)$/.test(
    tokens[0]?.lower ?? '',
  )
    ? 1
    : 0;
  const unitToken = tokens[skip];
  if (unitToken === undefined || unitToken.start > 12) return undefined;
  const known = UNITS.get(unitToken.lower);
  if (known !== undefined) return { unit: known, rest: after.slice(unitToken.end) };
  if (skip > 0 || /^[-–]/.test(after)) return undefined;
  return countedNoun(tokens, after);
}

function countedNoun(tokens: readonly Token[], after: string): Measured | undefined {
  const noun = nounPhraseAt(tokens, 0);
  if (noun === undefined || !noun.plural || noun.determiner !== '' || tokens[0]?.start !== 1)
    return undefined;
  const many = noun.text;
  const one = many.replace(/\S+$/, (head) => singular(head));
  if (plural(singular(noun.head)) !== noun.head) return undefined;
  const end = tokens[noun.next - 1]?.end ?? 0;
  return { unit: countable(one, many), rest: after.slice(end) };
}

const BEFORE: readonly [RegExp, Bound][] = [
  [
    /\b(?:no|not) (?:more|longer|later|older|larger|heavier|higher|greater|wider|taller|bigger|warmer) than $/i,
    '<=',
  ],
  [
    /\b(?:up to|at most|at the most|a maximum of|maximum of|maximum is|maximum|max\.?|limit of|limit is|limited to|within|not exceed(?:ing)?|cannot exceed|for no more than) (?:a total of |about )?$/i,
    '<=',
  ],
  [
    /\b(?:at least|a minimum of|minimum of|minimum is|minimum|no less than|not less than|no fewer than|not fewer than|no younger than) $/i,
    '>=',
  ],
  [
    /\b(?:less|fewer|younger|shorter|smaller|lighter|lower|cooler|earlier) than $|\b(?:under|below) $/i,
    '<',
  ],
  [
    /\b(?:more|older|longer|larger|bigger|heavier|higher|greater|warmer|wider|taller) than $|\b(?:over|above|exceeding|exceeds?|beyond) $/i,
    '>',
  ],
];
const AFTER: readonly [RegExp, Bound][] = [
  [
    /^ ?(?:or (?:less|fewer|under|younger|below|shorter|smaller)|at (?:the )?most|maximum)\b/i,
    '<=',
  ],
  [/^ ?(?:(?:of age )?or (?:more|older|over|above|longer|larger)|at least|minimum)\b/i, '>='],
];

function bound(before: string, after: string, value: number): Limit['bounds'] {
  const found =
    BEFORE.find(([pattern]) => pattern.test(before)) ??
    AFTER.find(([pattern]) => pattern.test(after));
  if (found === undefined) return [];
  const operator = found[1];
  if (operator === '<=' || operator === '>=') return [{ operator, value }];
  const refused =
    /\b(?:refused|rejected|turned away|not (?:accepted|allowed|admitted|possible|permitted|taken)|declined|excluded|prohibited|forbidden|denied)\b/i;
  if (!refused.test(after)) return [];
  return [{ operator: operator === '>' ? '<=' : '>=', value }];
}

function range(before: string, low: number, high: number): Limit['bounds'] {
  if (
    high <= low ||
    /\b(?:takes?|took|usually|normally|adds?|about|around|reply|arrives?|most|after|lasts?|worth)\b[^.;]*$/i.test(
      before,
    )
  )
    return [];
  return [
    { operator: '>=', value: low },
    { operator: '<=', value: high },
  ];
}

/** Whether a bound rules what may be done, rather than a consequence's condition or a service's promise. */
function isRule(before: string, after: string): boolean {
  const clause = before.slice(
    Math.max(before.lastIndexOf(','), before.lastIndexOf(';'), before.lastIndexOf(':')) + 1,
  );
  if (/^\s*(?:if|when|where|once|whoever|after|for)\b/i.test(clause) && /^[^.]*,/.test(after))
    return false;
  if (/\bif\b/i.test(clause) && !/\bonly if\b/i.test(clause)) return false;
  if (/\b(?:fine|penalty|grant|prize|reward|discount) of (?:up to |at most )?$/i.test(clause))
    return false;
  if (
    /\b(?:up to|within) $/i.test(before) &&
    !/\b(?:may|can|must|should|have to|need|allowed|permitted|limit|limited|hold|holds)\b/i.test(
      before + after,
    ) &&
    !isOrder(before)
  )
    return false;
  const promise =
    /\b(?:takes?|took|arrives?|reply|replies|respond|responds|answer|delivered|receive|receives|ready|we (?:will |then )?(?:send|refund|pay|process|answer|reply|contact|deliver)|comes?|refunded|credited|worth|adds?|costs?)\b[^,;]*$/i;
  return !promise.test(clause) && !/^\s*(?:fee|charge|discount|reduction|surcharge)\b/i.test(after);
}

/** Whether a sentence begins with an order. */
function isOrder(before: string): boolean {
  return VERBS.has(/^\s*([A-Za-z]+)/.exec(before)?.[1]?.toLowerCase() ?? '');
}

/** "Up to 3 days before" means at least three. */
function turned(
  one: Limit['bounds'][number],
  before: string,
  after: string,
): Limit['bounds'][number] {
  const late =
    /\b(?:no later than|not later than|up to|until) $/i.test(before) &&
    /^ ?(?:before|beforehand|prior)\b/i.test(after);
  return late ? { ...one, operator: '>=' } : one;
}

/** The parameter that a limit bounds, by its unit and what stands around it. */
function relationOf(
  before: string,
  after: string,
  unit: Unit,
): { parameter: string; description: string } | undefined {
  const many = unit.many;
  if (
    /^ (?:of age|old)\b|^ or (?:older|over|younger)\b/i.test(after) ||
    /\b(?:aged|older than|younger than|age of) (?:at least )?$/i.test(before)
  ) {
    return unit.parameter === 'years' || unit.kind === 'count'
      ? { parameter: 'age', description: 'Age in years' }
      : undefined;
  }
  if (unit.kind === 'time') return timeRelation(before, after, many);
  if (unit.kind === 'count')
    return { parameter: nameOf({ text: many, head: many }), description: `Number of ${many}` };
  if (unit.parameter === null) return undefined;
  const quantity =
    unit.kind === 'money'
      ? 'Amount'
      : unit.kind === 'share'
        ? 'Share'
        : (unit.parameter.split('_')[0] ?? 'value');
  return {
    parameter: unit.parameter,
    description: `${quantity.slice(0, 1).toUpperCase()}${quantity.slice(1)} in ${many}`,
  };
}

function timeRelation(
  before: string,
  after: string,
  many: string,
): { parameter: string; description: string } | undefined {
  if (/^[^.,;]{0,20}\b(?:in advance|ahead)\b/i.test(after))
    return { parameter: `${many}_ahead`, description: `How many ${many} ahead` };
  const link = /^ (before|after|of|from|since|prior to)\b/i.exec(after)?.[1]?.toLowerCase();
  if (link !== undefined) {
    const tokens = tokenise(after.slice(link.length + 2, link.length + 60));
    const event = nounPhraseAt(tokens, 0);
    if (event === undefined || (link === 'of' && !/\bwithin $/i.test(before))) return undefined;
    const word = /^(?:before|prior to)$/.test(link) ? 'before' : 'since';
    return {
      parameter: `${many}_${word}_${nameOf(event)}`,
      description: `${many.slice(0, 1).toUpperCase()}${many.slice(1)} ${word} the ${event.text}`,
    };
  }
  if (/^ (?:beforehand|notice)\b|^['’] notice/i.test(after))
    return { parameter: `${many}_notice`, description: `Notice in ${many}` };
  if (/\bwithin $/i.test(before) || /^ apart\b/i.test(after)) return undefined;
  return { parameter: many, description: `Number of ${many}` };
}
