import type { Conversation, ToolDefinition } from '../../../core/conversation.ts';
import type { Fault } from './fault.ts';
import { objectIn } from './values.ts';

/** Calls of tools that are not there, claims of inability where a tool fits, and deeds claimed without a call. */
export function judgeCapability(conversation: Conversation): Fault[] {
  return [
    ...unknownTools(conversation),
    ...missingArguments(conversation),
    ...falseInability(conversation),
    ...unfounded(conversation),
  ];
}

function calls({ messages }: Conversation) {
  return messages.flatMap((message, index) =>
    message.role === 'assistant'
      ? (message.tool_calls ?? []).map((call) => ({ index, ...call.function }))
      : [],
  );
}

function unknownTools(conversation: Conversation): Fault[] {
  const names = new Set(conversation.tools.map((tool) => tool.function.name));
  return calls(conversation)
    .filter(({ name }) => !names.has(name))
    .map(({ name, index }) => ({
      rubric: 'capability',
      message: index,
      reason: `Message ${index} calls ${name}, which is none of the tools.`,
    }));
}

/** A call that its tool cannot carry out: a required argument is missing or has another type. */
function missingArguments(conversation: Conversation): Fault[] {
  return calls(conversation).flatMap(({ name, arguments: written, index }): Fault[] => {
    const tool = conversation.tools.find((one) => one.function.name === name);
    const args = objectIn(written) ?? {};
    const missing = requiredOf(tool).filter((key) => !(key in args));
    const wrong = Object.entries(args).filter(([key, value]) => hasWrongType(tool, key, value));
    if (missing.length > 0)
      return [
        {
          rubric: 'capability',
          message: index,
          reason: `Message ${index} calls ${name} without ${missing.join(', ')}.`,
        },
      ];
    return wrong.map(([key]) => ({
      rubric: 'capability',
      message: index,
      reason: `Message ${index} calls ${name} with ${key} of another type than the tool takes.`,
    }));
  });
}

function requiredOf(tool: ToolDefinition | undefined): string[] {
  const required = tool?.function.parameters?.required;
  return Array.isArray(required) ? required.map(String) : [];
}

function hasWrongType(tool: ToolDefinition | undefined, key: string, value: unknown): boolean {
  const properties = tool?.function.parameters?.properties;
  if (typeof properties !== 'object' || properties === null) return false;
  const schema: unknown = Object.entries(properties).find(([name]) => name === key)?.[1];
  const type =
    typeof schema === 'object' && schema !== null && 'type' in schema ? schema.type : undefined;
  if (type === 'integer' || type === 'number') return typeof value !== 'number';
  if (type === 'string') return typeof value !== 'string';
  return type === 'boolean' ? typeof value !== 'boolean' : false;
}

const INABILITY =
  /\b(?:I (?:do not|don't) have (?:a|any|the) (?:tool|function|way|access)|I (?:am|'m) (?:not able|unable) to|there is no tool|I have no (?:tool|way|means))\b([^.!?]*)/gi;

function falseInability({ messages, tools }: Conversation): Fault[] {
  return messages.flatMap((message, index): Fault[] => {
    if (message.role !== 'assistant' || message.content === null) return [];
    const claims = Array.from(message.content.matchAll(INABILITY), ([, rest = '']) =>
      rest.toLowerCase(),
    );
    const fitting = tools.find(({ function: { name } }) => {
      const words = name.split('_').filter((word) => word.length > 2);
      return claims.some(
        (claim) => words.length > 0 && words.every((word) => claim.includes(word.slice(0, 5))),
      );
    });
    if (fitting === undefined) return [];
    return [
      {
        rubric: 'capability',
        message: index,
        reason: `Message ${index} claims to be unable to do what ${fitting.function.name} does.`,
      },
    ];
  });
}

const DEED = /\b(?:is|are|has been|have been) now ([a-z]+ed|set|sent|paid|put|frozen|found)\b/gi;

/** "is now booked" before any successful call. */
function unfounded({ messages }: Conversation): Fault[] {
  let succeeded = false;
  return messages.flatMap((message, index): Fault[] => {
    if (message.role === 'tool') succeeded ||= !('error' in (objectIn(message.content) ?? {}));
    if (message.role !== 'assistant' || succeeded) return [];
    const deed = (message.content ?? '').match(DEED)?.[0];
    return deed === undefined
      ? []
      : [
          {
            rubric: 'capability',
            message: index,
            reason: `Message ${index} says that something ${deed} before any call succeeded.`,
          },
        ];
  });
}
