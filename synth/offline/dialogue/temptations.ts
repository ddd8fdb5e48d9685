import type { Random } from '../seed.ts';
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
  const ruleAt = (sentence: number, at: number): string | undefined => {
    const text = (reading.sentences[sentence]?.text ?? '').replace(/\s+/g, ' ');
    const piece = text.slice(at, at + 12).replace(/[.,;:]+$/, '');
    return rules.find(
      (rule) =>
        text.toLowerCase().includes(rule.slice(0, -1).toLowerCase()) && rule.includes(piece),
    );
  };
  const deeds = reading.actions.flatMap(
    ({ negated, form, verb, object, sentence }): Temptation[] => {
      if (!negated || form !== 'passive') return [];
      const text = (reading.sentences[sentence]?.text ?? '').replace(/\s+/g, ' ');
      const rule = ruleAt(
        sentence,
        Math.max(0, text.toLowerCase().indexOf(object.text.toLowerCase())),
      );
      if (rule === undefined) return [];
      return [
        { kind: 'deed', wish: `have ${withArticle(object, 'the')} ${participle(verb)}`, rule },
      ];
    },
  );
  const quantities = reading.limits.flatMap(
    ({ parameter, description, unit, bounds, sentence, at }): Temptation[] => {
      const rule = ruleAt(sentence, at);
      const [low, high] = ['>=', '<='].map(
        (sign) => bounds.find(({ operator }) => operator === sign)?.value,
      );
      const value = valueBeyond({ name: parameter, type: unit.type, low, high }, random);
      if (rule === undefined || value === undefined) return [];
      const options = undefined;
      const model = {
        name: parameter,
        type: unit.type,
        description,
        options,
        source: undefined,
        low,
        high,
        unit: unit.many,
        rule,
      };
      return [{ kind: 'quantity', wish: told(model, value), rule }];
    },
  );
  return [...deeds, ...quantities];
}
