import type { Constraint } from '../../../core/workflow.ts';
import { fill } from '../dialogue/fill.ts';
import type { Random } from '../seed.ts';
import type { Reading } from '../text/reading.ts';
import { isFinal, type Rule } from '../text/rules.ts';
import { participle } from '../words/verbs.ts';
import type { ToolDraft } from './drafts.ts';
import type { ToolPlan } from './tools.ts';

/** How many characters of rules a conversation of each size can carry. */
export interface RuleBudget {
  rules: number;
  characters: number;
}

/** The constraints of a workflow: rules that bound its parameters first, then the weightiest others, in the text's order. */
export function constraintsOf(
  reading: Reading,
  plan: ToolPlan,
  budget: RuleBudget,
  random: Random,
): Constraint[] {
  const bound = boundConstraints(reading, plan);
  const chosen = new Set(bound.map(({ rule }) => rule.rule));
  let room = budget.characters - [...chosen].reduce((sum, rule) => sum + rule.length, 0);
  const plain: Rule[] = [];
  for (const rule of relevant(reading, plan)) {
    if (chosen.size >= budget.rules) break;
    if (chosen.has(rule.rule) || rule.rule.length > room) continue;
    chosen.add(rule.rule);
    plain.push(rule);
    room -= rule.rule.length;
  }
  const all = [
    ...bound,
    ...plain.map((rule) => ({ rule, constraint: { rule: rule.rule, quote: rule.quote } })),
  ];
  all.sort((a, b) => a.rule.sentence - b.rule.sentence);
  return [...all.map(({ constraint }) => constraint), ...orderConstraint(reading, plan, random)];
}

interface Bound {
  rule: Rule;
  constraint: Constraint;
}

function boundConstraints(reading: Reading, plan: ToolPlan): Bound[] {
  return plan.tools.flatMap((tool) =>
    tool.parameters.flatMap(({ name, limit }) => {
      if (limit === undefined) return [];
      const rule = ruleOf(reading, limit.sentence, limit.at);
      return limit.bounds.map(({ operator, value }) => ({
        rule,
        constraint: {
          rule: rule.rule,
          quote: rule.quote,
          tool: tool.name,
          argument: name,
          operator,
          value,
          unit: limit.unit.many,
        },
      }));
    }),
  );
}

/** The clause of a sentence that holds the character at an offset. */
function ruleOf(reading: Reading, sentence: number, at: number): Rule {
  const text = reading.sentences[sentence]?.text ?? '';
  const known = reading.rules.filter((rule) => rule.sentence === sentence);
  const holding = known.find(({ quote }) => {
    const start = text.indexOf(quote);
    return start <= at && at < start + quote.length;
  });
  if (holding !== undefined) return holding;
  const flat = text.replace(/\s+/g, ' ');
  return { rule: /[.!?]$/.test(flat) ? flat : `${flat}.`, quote: text, sentence, weight: 0 };
}

/** Rules that name something the tools are about come first, then by weight. */
function relevant(reading: Reading, plan: ToolPlan): Rule[] {
  const words = new Set(
    plan.tools.flatMap(({ name }) => name.split('_').filter((word) => word.length > 3)),
  );
  const score = (rule: Rule): number => {
    const near = [...words].filter((word) => rule.rule.toLowerCase().includes(word)).length;
    return rule.weight + Math.min(near, 2) + (isFinal(rule.rule) ? 1 : 0);
  };
  return reading.rules
    .map((rule) => ({ rule, score: score(rule) }))
    .sort((a, b) => b.score - a.score)
    .map(({ rule }) => rule);
}

const SEQUENCE = /\b(?:first|before|then|next|with that|ready|after|once|must|need|needs|step)\b/i;

/** The order of opening before acting, where a sentence of the text tells of it. */
function orderConstraint(
  reading: Reading,
  { tools, goal }: ToolPlan,
  random: Random,
): Constraint[] {
  const [opener] = tools;
  const sentence = reading.sentences[opener?.sentence ?? -1];
  if (opener === undefined || opener === goal || sentence === undefined) return [];
  const tells = sentence.kind === 'step' || SEQUENCE.test(sentence.text);
  if (!tells || sentence.text.length > 200) return [];
  const words = {
    first: orderWords(opener),
    goal: lowerFirst(goal.description).replace(/\.$/, ''),
  };
  return [
    {
      rule: fill(ORDERS, random, words),
      quote: sentence.text,
      tool: goal.name,
      operator: 'after',
      value: opener.name,
    },
  ];
}

/** {first} is what must be done, as a participle after "must be"; {goal} an order. */
const ORDERS = [
  '{first} first, before you {goal}.',
  'Before you {goal}, {first} without exception.',
  'Only {goal} after this step: {first} beforehand.',
  '{first} in every case before you {goal}.',
] as const;

/** "The receipt number must be looked up", whatever the tool that does it is called. */
function orderWords({ name, description, parameters, returns }: ToolDraft): string {
  const key = parameters[0]?.description ?? 'record';
  if (returns === 'session_id')
    return `a session on the ${key.replace(/ name$/, '').toLowerCase()} must be opened`;
  const words = description.replace(/\.$/, '').split(' ');
  const verb = (words[0] ?? '').toLowerCase();
  if (/^(?:look_up|find|get|open)_/.test(name)) return `the ${lowerFirst(key)} must be looked up`;
  return `${words.slice(1).join(' ')} must be ${participle(verb)}`;
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
