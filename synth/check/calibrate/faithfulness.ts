import { type Quantity, quantitiesIn } from '../../../core/text/quantities.ts';
import type { Random } from '../../offline/seed.ts';
import { choose, unheard } from './choose.ts';
import { messagesOf, withContent } from './edit.ts';
import type { CleanRow, CorruptedRow, Mutation } from './mutation.ts';

/** A system prompt or a workflow that says other things than the passage. */
export const FAITHFULNESS_MUTATIONS: readonly Mutation[] = [
  {
    name: 'limit changed in the system prompt',
    family: 'faithfulness',
    codes: ['rule_contradicts_passage', 'rule_invented'],
    mutate: (row, random) => changedLimit(row, random),
  },
  {
    name: 'rule invented',
    family: 'faithfulness',
    codes: ['rule_invented', 'rule_contradicts_passage'],
    mutate: (row, random) => {
      const [system] = messagesOf(row, 'system');
      if (system === undefined || row.passage === undefined) return null;
      const limit = unheard(row.passage, () => random.int(31, 97));
      const rule = random.pick(INVENTED).replace('#', String(limit));
      return limit === null
        ? null
        : withContent(row, system.index, withRule(system.message.content, rule));
    },
  },
  {
    name: 'value of a constraint changed',
    family: 'faithfulness',
    codes: ['value_not_in_quote'],
    mutate: ({ workflow, passage, ...row }, random) => {
      if (workflow === undefined || passage === undefined) return null;
      const numbered = [...workflow.constraints.entries()].flatMap(([index, constraint]) => {
        const { quote, value } = constraint;
        const isThere = typeof value === 'number' && passage.includes(quote);
        const known = isThere && quantitiesIn(quote).some((one) => one.value === value);
        return known ? [{ index, constraint, value }] : [];
      });
      return choose(numbered, random, ({ index, constraint, value }) => {
        const changed = { ...constraint, value: value + random.int(2, 9) };
        const constraints = workflow.constraints.with(index, changed);
        return { ...row, passage, workflow: { ...workflow, constraints } };
      });
    },
  },
  {
    name: 'quote changed',
    family: 'faithfulness',
    codes: ['quote_not_in_passage'],
    mutate: ({ workflow, passage, ...row }, random) => {
      if (workflow === undefined || passage === undefined) return null;
      const quoted = [...workflow.constraints.entries()].filter(([, { quote }]) => {
        return passage.includes(quote) && /\b[a-z]{5,}\b/.test(quote);
      });
      return choose(quoted, random, ([index, constraint]) => {
        const quote = constraint.quote.replace(/\b[a-z]{5,}\b/, 'purple');
        const constraints = workflow.constraints.with(index, { ...constraint, quote });
        return { ...row, passage, workflow: { ...workflow, constraints } };
      });
    },
  },
];

const INVENTED: readonly string[] = [
  'Never accept more than # items at a time.',
  'A request may be made up to # days after the first contact.',
  'A fee of $# applies to every change.',
];

/** Changes a number of the system prompt that the passage has too. */
function changedLimit(row: CleanRow, random: Random): CorruptedRow | null {
  const [system] = messagesOf(row, 'system');
  if (system === undefined || row.passage === undefined) return null;
  const told = quantitiesIn(row.passage);
  const known = new Set(told.map(({ value }) => value));
  const text = system.message.content;
  const limits = quantitiesIn(text).filter(
    (limit) =>
      isLimit(limit, text) &&
      told.some(({ value, unit, noun }) => {
        return value === limit.value && unit === limit.unit && noun === limit.noun;
      }),
  );
  return choose(limits, random, ({ start, end, value }) => {
    const written = text.slice(start, end);
    const digits = /\d[\d.,]*/.exec(written);
    if (digits === null) return null;
    let other = value + random.int(1, 9);
    while (known.has(other)) other += 7;
    const changed = written.replace(digits[0].replace(/[.,]$/, ''), String(other));
    return withContent(row, system.index, text.slice(0, start) + changed + text.slice(end));
  });
}

/** A whole number of something, written in digits: not the number of a line, a phone or a form. */
function isLimit({ value, unit, noun, spelled, ordinal, start, end }: Quantity, text: string) {
  const isPart = text[start - 1] === '-' || text[end] === '-' || text[end] === '/';
  return (unit ?? noun) !== null && !spelled && !ordinal && !isPart && Number.isInteger(value);
}

/** A text with a line more in its list of rules, or at its end. */
function withRule(text: string, rule: string): string {
  const last = [...text.matchAll(/^(\d+\.|[-*]) .*$/gm)].at(-1);
  if (last === undefined) return `${text}\n${rule}`;
  const end = last.index + last[0].length;
  const mark = /\d/.test(last[1] ?? '') ? `${Number.parseInt(last[0], 10) + 1}.` : last[1];
  return `${text.slice(0, end)}\n${mark} ${rule}${text.slice(end)}`;
}
