import type { Conversation, Message, ToolCall } from '../../../core/conversation.ts';
import type { Constraint } from '../../../core/workflow.ts';
import { objectIn } from '../judging/values.ts';
import type { Random } from '../seed.ts';

/** A way to spoil a conversation; undefined where it does not fit. The conversation given may be changed. */
export interface Defect {
  name: string;
  apply: (
    conversation: Conversation,
    random: Random,
    constraints: readonly Constraint[],
  ) => Conversation | undefined;
}

/** A way to spoil the text of an answer. */
export interface TextDefect {
  name: string;
  apply: (text: string, random: Random) => string;
}

type Calling = {
  message: Extract<Message, { role: 'assistant' }>;
  call: ToolCall;
  args: Record<string, unknown>;
  index: number;
};

function callsOf({ messages }: Conversation): Calling[] {
  return messages.flatMap((message, index) =>
    message.role === 'assistant'
      ? (message.tool_calls ?? []).flatMap((call) => {
          const args = objectIn(call.function.arguments);
          return args === undefined ? [] : [{ message, call, args, index }];
        })
      : [],
  );
}

function setArguments(calling: Calling, args: Record<string, unknown>): void {
  calling.call.function.arguments = JSON.stringify(args);
}

function resultOf(
  { messages }: Conversation,
  call: ToolCall,
): Extract<Message, { role: 'tool' }> | undefined {
  return messages.flatMap((message) =>
    message.role === 'tool' && message.tool_call_id === call.id ? [message] : [],
  )[0];
}

/** The last call whose result is a success. */
function lastSuccess(conversation: Conversation): Calling | undefined {
  return callsOf(conversation).findLast(({ call }) => {
    const result = objectIn(resultOf(conversation, call)?.content ?? '');
    return result !== undefined && !('error' in result);
  });
}

export const DEFECTS: readonly Defect[] = [
  {
    name: 'invented_id',
    apply: (conversation, random) => {
      const calling = lastSuccess(conversation);
      const key = Object.entries(calling?.args ?? {}).find(
        ([, value]) => typeof value === 'string' && /\d/.test(value),
      )?.[0];
      if (calling === undefined || key === undefined) return undefined;
      setArguments(calling, { ...calling.args, [key]: `ZX-${random.int(70000, 99999)}` });
      return conversation;
    },
  },
  {
    name: 'changed_limit',
    apply: (conversation, _random, constraints) => {
      const system = conversation.messages.find((message) => message.role === 'system');
      const bound = constraints.find(
        ({ value, rule }) =>
          typeof value === 'number' && value > 2 && new RegExp(`\\b${value}\\b`).test(rule),
      );
      if (
        system?.role !== 'system' ||
        typeof bound?.value !== 'number' ||
        !system.content.includes(bound.rule)
      )
        return undefined;
      const changed = bound.rule.replace(
        new RegExp(`\\b${bound.value}\\b`),
        String(bound.value * 2 + 1),
      );
      system.content = system.content.replace(bound.rule, changed);
      return conversation;
    },
  },
  {
    name: 'success_beyond_limit',
    apply: (conversation, _random, constraints) => {
      for (const { tool, argument, operator, value } of constraints) {
        if (
          typeof value !== 'number' ||
          argument === undefined ||
          (operator !== '<=' && operator !== '>=')
        )
          continue;
        const calling = callsOf(conversation).find(
          ({ call, args }) => call.function.name === tool && typeof args[argument] === 'number',
        );
        const result = calling === undefined ? undefined : resultOf(conversation, calling.call);
        if (calling === undefined || result === undefined) continue;
        const beyond = operator === '<=' ? value * 2 + 1 : Math.max(0, Math.floor(value / 2) - 1);
        setArguments(calling, { ...calling.args, [argument]: beyond });
        result.content = JSON.stringify({ ...objectIn(result.content), [argument]: beyond });
        return conversation;
      }
      return undefined;
    },
  },
  {
    name: 'missing_argument',
    apply: (conversation) => {
      const calling = callsOf(conversation).at(-1);
      const [first, ...rest] = Object.entries(calling?.args ?? {});
      if (calling === undefined || first === undefined) return undefined;
      setArguments(calling, Object.fromEntries(rest));
      return conversation;
    },
  },
  {
    name: 'unknown_tool',
    apply: (conversation) => {
      const calling = callsOf(conversation).at(-1);
      if (calling === undefined) return undefined;
      calling.call.function.name = `confirm_${calling.call.function.name}`;
      return conversation;
    },
  },
  {
    name: 'wrong_type',
    apply: (conversation) => {
      for (const calling of callsOf(conversation)) {
        const [key, value] =
          Object.entries(calling.args).find(
            ([, one]) => typeof one === 'number' || typeof one === 'string',
          ) ?? [];
        if (key === undefined) continue;
        setArguments(calling, {
          ...calling.args,
          [key]: typeof value === 'number' ? String(value) : [value],
        });
        return conversation;
      }
      return undefined;
    },
  },
  {
    name: 'missing_result',
    apply: (conversation) => {
      const at = conversation.messages.findLastIndex(({ role }) => role === 'tool');
      if (at < 0) return undefined;
      conversation.messages.splice(at, 1);
      return conversation;
    },
  },
  {
    name: 'swapped_ids',
    apply: (conversation) => {
      const [one, two] = conversation.messages
        .flatMap((message) => (message.role === 'tool' ? [message] : []))
        .slice(-2);
      if (one === undefined || two === undefined) return undefined;
      [one.tool_call_id, two.tool_call_id] = [two.tool_call_id, one.tool_call_id];
      return conversation;
    },
  },
  {
    name: 'placeholder',
    apply: (conversation) => {
      const calling = lastSuccess(conversation);
      const result = calling === undefined ? undefined : resultOf(conversation, calling.call);
      if (result === undefined) return undefined;
      result.content = JSON.stringify({
        ...objectIn(result.content),
        related: ['...', '5 more results'],
      });
      return conversation;
    },
  },
  {
    name: 'changed_reference',
    apply: (conversation, random) => {
      const message = conversation.messages.findLast(
        (one) => one.role === 'assistant' && /\d/.test(one.content ?? ''),
      );
      if (message?.role !== 'assistant' || message.content === null) return undefined;
      message.content = message.content.replace(
        /\d[\d,.]*\d|\d/,
        String(random.int(40_000, 99_999)),
      );
      return conversation;
    },
  },
  {
    name: 'false_inability',
    apply: (conversation) => {
      const message = conversation.messages.at(-1);
      const tool = conversation.tools.at(-1);
      if (message?.role !== 'assistant' || message.content === null || tool === undefined)
        return undefined;
      message.content += ` I am not able to ${tool.function.name.replaceAll('_', ' ')}.`;
      return conversation;
    },
  },
];

export const TEXT_DEFECTS: readonly TextDefect[] = [
  {
    name: 'unclosed_tag',
    apply: (text) => text.replace(/<\/assistant>(?![\s\S]*<\/assistant>)/, ''),
  },
  { name: 'code_fence', apply: (text) => `\`\`\`xml\n${text}\n\`\`\`` },
  {
    name: 'think_block',
    apply: (text) => `<think>\nFirst the rules, then the calls.\n</think>\n\n${text}`,
  },
  {
    name: 'cut_short',
    apply: (text, random) => text.slice(0, Math.floor(text.length * (0.5 + random.next() * 0.4))),
  },
];
