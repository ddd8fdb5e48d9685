import { agree, type Fact, factsIn } from '../faithfulness/facts.ts';
import type { Bound } from './bounds.ts';
import type { CallRecord } from './call-records.ts';
import type { BoundVerdict } from './evaluate.ts';

/** A call that is refused for a limit that it keeps. */
export interface Refusal {
  call: CallRecord;
  bound: Bound;
  /** Whether no other reason is possible: the limit is of the thing itself, so that nothing adds up to it. */
  certain: boolean;
}

const MAX_RULE = 2000;
const LIMIT_WORDS =
  /\b(?:exceed(?:s|ed|ing)?|above|over|beyond|larger|bigger|longer|heavier|higher|more than|greater|too (?:large|big|long|heavy|high|many|much|late|early|small|short|low|few|wide|tall|deep)|below|under|less than|fewer|at most|at least|no more than|up to|maximum|minimum|max|min|limit|within|outside|out of range|not allowed)\b/i;

/** Words of a rule about a sum over several calls. */
const SUMS =
  /\b(?:(?:per|an?|each|every|any one|one) (?:\w+ )?(?:hour|day|week|month|year|season|customer|member|person|household|account|group|order|trip|flight)|in total|total|altogether|at (?:a|the same|any one) time|at once|running|already|combined|together|daily|weekly|monthly|yearly|annual)\b/i;
const OF_THE_THING = new Set([
  'length',
  'area',
  'temperature',
  'angle',
  'speed',
  'power',
  'mass',
  'time',
]);
const SINCE = /since|ago|before|after|ahead|notice|age|old/i;

/** Refusals by a rule whose limit the result names, where the call keeps that rule and every other that can be decided. */
export function wrongRefusals(verdicts: readonly BoundVerdict[]): Refusal[] {
  const byCall = new Map<CallRecord, BoundVerdict[]>();
  for (const one of verdicts) byCall.set(one.call, [...(byCall.get(one.call) ?? []), one]);
  return [...byCall].flatMap(([call, own]) => {
    if (call.outcome !== 'failure' || own.some(({ verdict }) => verdict === 'broken')) return [];
    const text = call.result?.content.slice(0, 2000) ?? '';
    if (!LIMIT_WORDS.test(text)) return [];
    const facts = factsIn(text);
    const named = own.find(
      ({ bound, verdict }) => verdict === 'kept' && isNamed(bound, call, facts) && isBound(bound),
    );
    if (named === undefined) return [];
    const isAlone = own.every(({ verdict }) => verdict === 'kept');
    return [{ call, bound: named.bound, certain: isAlone && isOfTheThing(named.bound) }];
  });
}

function isBound({ operator }: Bound): boolean {
  return operator === '<=' || operator === '<' || operator === '>=' || operator === '>';
}

/** The result gives the limit's value, and not only because it is the argument's own. */
function isNamed(
  { limit, arguments: names, rule, quote }: Bound,
  { args }: CallRecord,
  facts: readonly Fact[],
): boolean {
  if (limit === undefined || !facts.some((fact) => agree(fact, limit))) return false;
  const own = names.map((name) => args?.[name]);
  const isOwn = own.some((value) => limit.plain.length === 1 && Number(value) === limit.plain[0]);
  if (!isOwn) return true;
  // A call right at its limit keeps it: then every number of the refusal must be one of the rule's.
  const ruled = [...factsIn(rule.slice(0, MAX_RULE)), ...factsIn(quote.slice(0, MAX_RULE))];
  return facts.every((fact) => agree(fact, limit) || ruled.some((one) => agree(one, fact)));
}

function isOfTheThing({ limit, rule, quote, arguments: names }: Bound): boolean {
  if (limit === undefined) return false;
  if (limit.values.length > 1) return true;
  if (limit.kind === 'duration' || limit.kind === 'calendar' || limit.kind === 'working_time')
    return names.some((name) => SINCE.test(name));
  return OF_THE_THING.has(limit.kind) && !SUMS.test(rule) && !SUMS.test(quote.slice(0, 500));
}
