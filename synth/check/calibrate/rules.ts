import type { Constraint } from '../../../core/workflow.ts';
import { choose } from './choose.ts';
import { callsOf, type PlacedCall, withArgument, withContent, withMessages } from './edit.ts';
import type { CleanRow, CorruptedRow, Mutation } from './mutation.ts';

/** Results that a rule of the passage forbids. */
export const RULE_MUTATIONS: readonly Mutation[] = [
  {
    name: 'success beyond a limit',
    family: 'rules',
    codes: ['rule_broken_success', 'rule_broken_conditionally'],
    mutate: (row, random) =>
      choose(allowedCalls(row), random, ({ place, constraint }): CorruptedRow | null => {
        const { argument = '', operator, value } = constraint;
        const beyond = typeof value === 'number' ? beyondLimit(operator, value) : null;
        return beyond === null ? null : withArgument(row, place, argument, beyond);
      }),
  },
  {
    name: 'allowed call refused',
    family: 'rules',
    codes: ['refusal_against_rule', 'refusal_unexplained'],
    mutate: (row, random) =>
      choose(allowedCalls(row), random, ({ place, constraint }) =>
        withContent(
          row,
          place.message + 1,
          JSON.stringify({ success: false, error: refusal(constraint) }),
        ),
      ),
  },
  {
    name: 'prerequisite left out',
    family: 'rules',
    codes: ['order_rule_broken'],
    mutate: (row, random) => choose(prerequisites(row), random, (name) => withoutCalls(row, name)),
  },
];

/** The tools that a constraint puts before another one that is called after them. */
function prerequisites({ conversation, workflow }: CleanRow): string[] {
  const names = callsOf(conversation).map(({ call }) => call.function.name);
  return (workflow?.constraints ?? []).flatMap(({ operator, tool, value }) => {
    const isPut = operator === 'after' && tool !== undefined && typeof value === 'string';
    if (!isPut || tool === value || !names.includes(value)) return [];
    return names.indexOf(value) < names.lastIndexOf(tool) ? [value] : [];
  });
}

/** The row without a tool's calls and their results; null where they share a turn with others. */
function withoutCalls(row: CleanRow, name: string): CorruptedRow | null {
  const turns = callsOf(row.conversation).filter(({ call }) => call.function.name === name);
  const { messages } = row.conversation;
  const isAlone = ({ message }: PlacedCall): boolean => {
    const turn = messages[message];
    return turn?.role === 'assistant' && turn.tool_calls?.length === 1;
  };
  if (!turns.every(isAlone)) return null;
  const gone = new Set(turns.flatMap(({ message }) => [message, message + 1]));
  return withMessages(
    row,
    messages.filter((_, index) => !gone.has(index)),
  );
}

interface Allowed {
  place: PlacedCall;
  constraint: Constraint;
}

/** Calls with a limited argument whose result says that they succeeded. */
function allowedCalls({ conversation, workflow }: CleanRow): Allowed[] {
  const limits = (workflow?.constraints ?? []).filter(
    ({ operator, value, argument }) =>
      argument !== undefined && typeof value === 'number' && beyondLimit(operator, value) !== null,
  );
  return callsOf(conversation).flatMap((place) => {
    const result = conversation.messages[place.message + 1];
    const failed = /error|fail|not allowed|denied|"success":\s*false/i.test(
      result?.content ?? 'error',
    );
    if (result?.role !== 'tool' || failed) return [];
    return limits
      .filter(({ tool, argument = '', operator, value }) => {
        const isCalled = tool === undefined || tool === place.call.function.name;
        return isCalled && isKept(operator, place.arguments[argument], Number(value));
      })
      .map((constraint) => ({ place, constraint }));
  });
}

function isKept(operator: Constraint['operator'], given: unknown, limit: number): boolean {
  if (typeof given !== 'number') return false;
  if (operator === '<=' || operator === '<') return given <= limit;
  if (operator === '>=' || operator === '>') return given >= limit;
  return given === limit;
}

function refusal({ rule, value, unit = '' }: Constraint): string {
  return `not allowed: ${rule} (limit: ${value} ${unit})`;
}

function beyondLimit(operator: Constraint['operator'], value: number): number | null {
  if (operator === '<=' || operator === '<') return value + Math.max(1, Math.round(value / 3));
  if (operator === '>=' || operator === '>') return value - Math.max(1, Math.round(value / 3));
  return operator === '==' ? value + 1 : null;
}
