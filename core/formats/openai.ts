import { z } from 'zod';
import { type Conversation, type Message, ToolDefinition } from '../conversation.ts';
import { CallIds } from './call-ids.ts';
import { contentText, parseAs, parseJson } from './exchanges.ts';

export interface OpenAiConversation {
  messages: Message[];
  /** Absent where there are none: the API refuses an empty list. */
  tools?: ToolDefinition[];
}

const TextPart = z.object({ type: z.literal('text'), text: z.string() });
const Content = z.union([
  z.string(),
  z.array(TextPart).transform((parts) => parts.map(({ text }) => text).join('')),
]);

const Call = z.object({
  id: z.string().nullish(),
  function: z.object({
    name: z.string(),
    arguments: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish(),
  }),
});

const LooseMessage = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['system', 'developer']), content: Content.nullish() }),
  z.object({ role: z.literal('user'), content: Content.nullish() }),
  z.object({
    role: z.literal('assistant'),
    content: Content.nullish(),
    tool_calls: z.array(Call).nullish(),
  }),
  z.object({
    role: z.literal('tool'),
    content: Content.nullish(),
    tool_call_id: z.string().nullish(),
  }),
]);
type LooseMessage = z.infer<typeof LooseMessage>;

const Row = z.object({
  messages: z.array(LooseMessage),
  tools: z.union([z.array(ToolDefinition), z.string()]).nullish(),
});

/** A conversation as a request to OpenAI's chat completions has it. */
export function toOpenAi({ messages, tools }: Conversation): OpenAiConversation {
  return tools.length === 0 ? { messages } : { messages, tools };
}

/**
 * Reads messages and tools in OpenAI's format as they are found in files: arguments as text or object,
 * content null, missing or in text parts, `tool_calls` null or empty, ids missing (calls are then
 * call_1, call_2, ... and results answer them in order), tools as a list or its JSON. Throws a UsageError.
 */
export function fromOpenAi(value: unknown): Conversation {
  const row = parseAs(Row, value, 'openai');
  const listed = typeof row.tools === 'string' ? parseJson(row.tools || '[]', 'openai') : row.tools;
  const tools = parseAs(z.array(ToolDefinition), listed ?? [], 'openai');
  const ids = new CallIds();
  return { messages: row.messages.map((message) => fromLoose(message, ids)), tools };
}

function fromLoose(message: LooseMessage, ids: CallIds): Message {
  const { role, content } = message;
  if (role === 'tool') {
    const tool_call_id = message.tool_call_id ?? ids.expected() ?? '';
    ids.answer(tool_call_id);
    return { role, tool_call_id, content: content ?? '' };
  }
  if (role !== 'assistant') {
    return { role: role === 'developer' ? 'system' : role, content: content ?? '' };
  }
  const tool_calls = (message.tool_calls ?? []).map(
    ({ id, function: { name, arguments: args } }) => {
      const canonical = ids.next();
      const text = contentText(args ?? {});
      return {
        id: id ?? canonical,
        type: 'function' as const,
        function: { name, arguments: text },
      };
    },
  );
  ids.turn(tool_calls.map(({ id }) => id));
  return { role, content: content ?? null, ...(tool_calls.length === 0 ? {} : { tool_calls }) };
}
