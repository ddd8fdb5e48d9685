import type { Random } from '../seed.ts';
import type { Action } from '../text/action.ts';
import type { Limit } from '../text/limits.ts';
import { withArticle } from '../text/noun-phrase.ts';
import type { Reading } from '../text/reading.ts';
import { valueBeyond } from '../values.ts';
import { participle } from '../words/verbs.ts';
import { told } from './labels.ts';

/** Something that a rule of the conversation forbids, as the user may ask for it. */
export interface Temptation {
  /** "have the rental extended" after "I would like to", or a quantity: "5 days ahead". */
  kind: 'deed' | 'quantity';
  wish: string;
  rule: string;
}

/** What the passage forbids in one of the rules: deeds that cannot be done, and quantities beyond a limit. */
export function temptationsOf(
  reading: Reading,
  rules: readonly string[],
  random: Random,
): Temptation[] {
  return [
    ...reading.actions.flatMap((action) => forbiddenDeed(reading, rules, action)),
    ...reading.limits.flatMap((limit) => quantityBeyond(reading, rules, limit, random)),
  ];
}

function forbiddenDeed(
  reading: Reading,
  rules: readonly string[],
  { negated, form, verb, object, sentence }: Action,
): Temptation[] {
  if (!negated || form !== 'passive') return [];
  const at = flatText(reading, sentence).toLowerCase().indexOf(object.text.toLowerCase());
  const rule = ruleAt(reading, rules, sentence, Math.max(0, at));
  if (rule === undefined) return [];
  return [{ kind: 'deed', wish: `have ${withArticle(object, 'the')} ${participle(verb)}`, rule }];
}

function quantityBeyond(
  reading: Reading,
  rules: readonly string[],
  { parameter, description, unit, bounds, sentence, at }: Limit,
  random: Random,
): Temptation[] {
  const rule = ruleAt(reading, rules, sentence, at);
  const [low, high] = ['>=', '<='].map(
    (sign) => bounds.find(({ operator }) => operator === sign)?.value,
  );
  const shape = { name: parameter, type: unit.type, options: undefined, low, high };
  const value = valueBeyond(shape, random);
  if (rule === undefined || value === undefined) return [];
  const wish = told({ ...shape, description, source: undefined, unit: unit.many, rule }, value);
  return [{ kind: 'quantity', wish, rule }];
}

/** The rule of the conversation that holds the words at an offset of a sentence. */
function ruleAt(
  reading: Reading,
  rules: readonly string[],
  sentence: number,
  at: number,
): string | undefined {
  const text = flatText(reading, sentence);
  const piece = text.slice(at, at + 12).replace(/[.,;:]+$/, '');
  return rules.find(
    (rule) => text.toLowerCase().includes(rule.slice(0, -1).toLowerCase()) && rule.includes(piece),
  );
}

function flatText(reading: Reading, sentence: number): string {
  return (reading.sentences[sentence]?.text ?? '').replace(/\s+/g, ' ');
}
