import type { Conversation, Message } from '../../../core/conversation.ts';
import { findLimits, type Limit } from '../text/limits.ts';
import { splitSentences } from '../text/sentences.ts';
import { numbersIn, withEvidence } from './evidence.ts';
import type { Fault } from './fault.ts';
import { objectIn, scalarsOf } from './values.ts';

/** Numbers without a source, results against rules or calls, missing results, placeholders, summaries that contradict. */
export function judgeContext(conversation: Conversation): Fault[] {
  return [
    ...strayNumbers(conversation),
    ...results(conversation).flatMap((one) => [...againstCall(one), ...placeholders(one)]),
    ...againstRules(conversation),
    ...unanswered(conversation),
  ];
}

const fault = (message: number, reason: string): Fault => ({ rubric: 'context', message, reason });

/** A number or reference in the assistant's text that nothing before has. */
function strayNumbers(conversation: Conversation): Fault[] {
  return withEvidence(conversation).flatMap(({ index, message, before }): Fault[] => {
    if (message.role !== 'assistant' || message.content === null) return [];
    const stray = numbersIn(message.content).find(
      (number) => number > 1 && !before.hasNumber(number),
    );
    if (stray !== undefined)
      return [fault(index, `Message ${index} names ${stray}, which nothing before it says.`)];
    const reference = message.content
      .match(/\b[A-Z]{1,4}-\d{2,}\b/g)
      ?.find((one) => !before.hasText(one));
    return reference === undefined
      ? []
      : [fault(index, `Message ${index} names ${reference}, which no message before it has.`)];
  });
}

interface Result {
  index: number;
  name: string;
  args: Record<string, unknown>;
  result: Record<string, unknown>;
  text: string;
}

/** Successful results with their calls. */
function results({ messages }: Conversation): Result[] {
  const called = new Map(
    messages.flatMap((message) =>
      message.role === 'assistant'
        ? (message.tool_calls ?? []).map((call) => [call.id, call.function] as const)
        : [],
    ),
  );
  return messages.flatMap((message, index): Result[] => {
    if (message.role !== 'tool') return [];
    const call = called.get(message.tool_call_id);
    const result = objectIn(message.content) ?? {};
    if (call === undefined || 'error' in result) return [];
    return [
      {
        index,
        name: call.name,
        args: objectIn(call.arguments) ?? {},
        result,
        text: message.content,
      },
    ];
  });
}

/** A result that repeats an argument with another value. */
function againstCall({ index, name, args, result }: Result): Fault[] {
  const changed = Object.entries(args).find(
    ([key, value]) =>
      key in result && isScalar(value) && isScalar(result[key]) && result[key] !== value,
  );
  if (changed === undefined) return [];
  const [key, value] = changed;
  return [
    fault(
      index,
      `Message ${index}: ${name} was called with ${key} ${JSON.stringify(value)} and returns ${JSON.stringify(result[key])}.`,
    ),
  ];
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

function placeholders({ index, text }: Result): Fault[] {
  const found =
    /\.\.\.|…|\b\d+ more (?:results?|items?|entries|records)\b|<[a-z_]+>|\b(?:placeholder|lorem ipsum|XXX+)\b/i.exec(
      text,
    )?.[0];
  return found === undefined
    ? []
    : [fault(index, `Message ${index} holds the placeholder ${JSON.stringify(found)}.`)];
}

/** A successful call whose value the system message does not permit. */
function againstRules(conversation: Conversation): Fault[] {
  const limits = systemLimits(conversation);
  return results(conversation).flatMap(({ index, name, args }): Fault[] => {
    const broken = scalarsOf(args).flatMap(({ path, value }) =>
      typeof value === 'number'
        ? limits
            .filter((limit) => limit.parameter === path && !permits(limit, value))
            .map((limit) => ({ path, value, limit }))
        : [],
    )[0];
    if (broken === undefined) return [];
    const bounds = broken.limit.bounds
      .map(({ operator, value }) => `${operator} ${value}`)
      .join(' and ');
    return [
      fault(
        index,
        `Message ${index}: ${name} succeeds with ${broken.path} ${broken.value}, but the rules want ${bounds}.`,
      ),
    ];
  });
}

/** The limits of the system message; a quantity that several rules bound differently decides nothing. */
function systemLimits({ messages }: Conversation): Limit[] {
  const system = messages
    .flatMap((message) => (message.role === 'system' ? [message.content] : []))
    .join('\n');
  const limits = findLimits(splitSentences(system));
  const key = ({ bounds }: Limit) => JSON.stringify(bounds);
  return limits.filter((limit) =>
    limits.every((other) => other.parameter !== limit.parameter || key(other) === key(limit)),
  );
}

function permits({ bounds }: Limit, value: number): boolean {
  return bounds.every(({ operator, value: bound }) =>
    operator === '<='
      ? value <= bound
      : operator === '>='
        ? value >= bound
        : operator === '<'
          ? value < bound
          : value > bound,
  );
}

/** Calls that no result answers. */
function unanswered({ messages }: Conversation): Fault[] {
  const answered = new Set(
    messages.flatMap((message) => (message.role === 'tool' ? [message.tool_call_id] : [])),
  );
  return messages.flatMap((message: Message, index): Fault[] => {
    const open =
      message.role === 'assistant'
        ? message.tool_calls?.find((call) => !answered.has(call.id))
        : undefined;
    return open === undefined
      ? []
      : [fault(index, `Message ${index} calls ${open.function.name}, and no result follows.`)];
  });
}
