import { quantitiesIn } from '../../../core/text/quantities.ts';
import type { Random } from '../../offline/seed.ts';
import { choose, unheard } from './choose.ts';
import { messagesOf, saidBefore, statementsOf, withContent, withKeywords } from './edit.ts';
import type { CleanRow, CorruptedRow, Mutation } from './mutation.ts';

/** Limits that are turned round, meant for others, told wrongly, or other in a schema than in the rule. */
export const LIMIT_MUTATIONS: readonly Mutation[] = [
  {
    name: 'direction turned in the system prompt',
    family: 'faithfulness',
    codes: ['rule_direction_turned'],
    mutate: (row, random) => changedRule(row, random, LIMIT, turned),
  },
  {
    name: 'rule for others in the system prompt',
    family: 'faithfulness',
    codes: ['rule_for_others'],
    mutate: (row, random) =>
      changedRule(row, random, AUDIENCE, (match) => match.replace(/\p{L}+$/u, 'beekeepers')),
  },
  {
    name: 'limit misquoted by the assistant',
    family: 'faithfulness',
    codes: ['said_limit_contradicts_passage', 'stated_rule_differs', 'stated_number_unknown'],
    mutate: (row, random) => misquoted(row, random),
  },
  {
    name: 'schema tighter than the rule',
    family: 'rules',
    codes: ['schema_contradicts_rule'],
    mutate: (row, random) => tightened(row, random),
  },
];

const LIMIT =
  /\b(?:up to|at most|at least|no more than|no less than|a minimum of|a maximum of) (?=[$€£]?\d)/gi;
const AUDIENCE = /\bonly (?:[a-z]+ ){0,2}[a-z]{4,}(?= (?:may|can|are|is|will|must)\b)/gi;
const LEAST = /at least|no less|minimum/i;

function turned(words: string): string {
  return LEAST.test(words) ? 'at most ' : 'at least ';
}

/** Changes words of the system prompt in a line that the passage has too. */
function changedRule(
  row: CleanRow,
  random: Random,
  pattern: RegExp,
  change: (words: string) => string,
): CorruptedRow | null {
  const [system] = messagesOf(row, 'system');
  const { passage } = row;
  if (system === undefined || passage === undefined) return null;
  const text = system.message.content;
  const found = [...text.matchAll(pattern)].filter((match) => {
    const around = text.slice(match.index, match.index + match[0].length + 12);
    return passage.toLowerCase().includes(around.toLowerCase());
  });
  return choose(found, random, (match) => {
    const end = match.index + match[0].length;
    return withContent(
      row,
      system.index,
      text.slice(0, match.index) + change(match[0]) + text.slice(end),
    );
  });
}

const TELLS =
  /\b(?:up to|at most|at least|no (?:more|less|later) than|within|maximum of|minimum of|limit (?:is|of)) \W?$/i;

/** Changes a limit of the passage, or of the system prompt, in what the assistant says. */
function misquoted(row: CleanRow, random: Random): CorruptedRow | null {
  const [system] = messagesOf(row, 'system');
  const told = `${row.passage ?? ''}\n${system?.message.content ?? ''}`;
  const values = new Set(quantitiesIn(told).map(({ value }) => value));
  const limits = statementsOf(row).flatMap(({ index, text }) =>
    quantitiesIn(text)
      .filter(
        ({ start, value, spelled }) =>
          !spelled && values.has(value) && TELLS.test(text.slice(Math.max(0, start - 30), start)),
      )
      .map((limit) => ({ index, text, ...limit })),
  );
  return choose(limits, random, ({ index, text, start, end, value }) => {
    const said = `${saidBefore(row.conversation, index)}\n${row.passage ?? ''}`;
    const other = unheard(said, () => Math.round(value) + random.int(2, 30));
    const digits = /\d[\d.,]*\d|\d/.exec(text.slice(start, end))?.[0];
    if (other === null || digits === undefined) return null;
    const changed = text.slice(start, end).replace(digits, String(other));
    return withContent(row, index, text.slice(0, start) + changed + text.slice(end));
  });
}

/** Gives the argument of a rule a bound in the schema that the rule does not have. */
function tightened(row: CleanRow, random: Random): CorruptedRow | null {
  const tools = new Set(row.conversation.tools.map((tool) => tool.function.name));
  const limits = (row.workflow?.constraints ?? []).filter(
    ({ operator, tool = '', argument, value }) =>
      (operator === '<=' || operator === '>=') &&
      tools.has(tool) &&
      argument !== undefined &&
      typeof value === 'number' &&
      value >= 2,
  );
  return choose(limits, random, ({ operator, tool = '', argument = '', value }) => {
    const keywords =
      operator === '<=' ? { maximum: Number(value) - 1 } : { minimum: Number(value) + 1 };
    return withKeywords(row, tool, argument, keywords);
  });
}
