import { z } from 'zod';
import { type Conversation, type Message, ToolDefinition } from '../../core/conversation.ts';
import { printTagged } from '../../core/formats/tagged.ts';
import { normaliseTools, parseTagged } from '../../core/formats/tagged-parse.ts';
import { parseJsonAnswer, problemsOf } from './answer.ts';
import { type AnswerFormat, fail, type Parsed } from './stage.ts';

/** A conversation as a JSON answer writes it: calls inline, results matched to calls by their order. */
const WireConversation = z.object({
  tools: z.array(z.unknown()).optional(),
  messages: z
    .array(
      z.strictObject({
        role: z.enum(['system', 'user', 'assistant', 'tool']),
        content: z.string().nullish(),
        calls: z
          .array(z.object({ name: z.string(), arguments: z.record(z.string(), z.unknown()) }))
          .optional(),
      }),
    )
    .min(1),
});
type WireConversation = z.infer<typeof WireConversation>;

/**
 * Reads the conversation of a generate or refine answer.
 * @param tools the tools the conversation may call; null where the answer itself must bring them
 */
export function parseConversation(
  text: string,
  tools: ToolDefinition[] | null,
  format: AnswerFormat,
): Parsed<Conversation> {
  if (format === 'json') return parseWire(text, tools);
  const parsed = parseTagged(text, { trim: true, ...(tools === null ? {} : { tools }) });
  if (!parsed.ok) return fail(parsed.problem);
  if (parsed.conversation.tools.length === 0) return fail('the answer has no <toolsets> block');
  const problem = notOneConversation(parsed.conversation.messages);
  if (problem !== undefined) return fail(problem);
  return {
    ok: true,
    value: tools === null ? parsed.conversation : { ...parsed.conversation, tools },
    repairs: parsed.repairs.map((repair) => repair.text),
  };
}

/** A conversation as an answer; the tools stand in it only where the stage's answer brings them. */
export function printConversation(
  conversation: Conversation,
  format: AnswerFormat,
  withTools: boolean,
): string {
  if (format === 'tags') return printTagged(conversation, { tools: withTools });
  return JSON.stringify({
    ...(withTools ? { tools: conversation.tools } : {}),
    messages: conversation.messages.map(toWire),
  });
}

/** JSON Schema of a conversation answer, for endpoints with structured output. */
export function conversationSchema(withTools: boolean): Record<string, unknown> {
  const call = {
    type: 'object',
    properties: { name: { type: 'string' }, arguments: { type: 'object' } },
    required: ['name', 'arguments'],
  };
  const message = {
    type: 'object',
    properties: {
      role: { type: 'string', enum: ['system', 'user', 'assistant', 'tool'] },
      content: { type: 'string' },
      calls: { type: 'array', items: call },
    },
    required: ['role', 'content'],
  };
  const messages = { type: 'array', items: message };
  return withTools
    ? {
        type: 'object',
        properties: { tools: { type: 'array', items: { type: 'object' } }, messages },
        required: ['tools', 'messages'],
      }
    : { type: 'object', properties: { messages }, required: ['messages'] };
}

/** No messages, or two drafts one after another: asking again costs less than turning the candidate down. */
function notOneConversation(messages: Message[]): string | undefined {
  if (messages.length === 0) return 'the answer has no messages';
  const systems = messages.filter(({ role }) => role === 'system').length;
  return systems > 1
    ? `the answer has ${systems} system messages; write one conversation`
    : undefined;
}

function parseWire(text: string, tools: ToolDefinition[] | null): Parsed<Conversation> {
  const json = parseJsonAnswer(text);
  if (!json.ok) return json;
  const wire = WireConversation.safeParse(json.value);
  if (!wire.success) return fail(problemsOf(wire.error));
  const messages = fromWire(wire.data.messages);
  const problem = notOneConversation(messages);
  if (problem !== undefined) return fail(problem);
  if (tools !== null) return { ok: true, value: { messages, tools }, repairs: json.repairs };
  const own = z
    .array(ToolDefinition)
    .min(1)
    .safeParse(normaliseTools(wire.data.tools ?? []));
  if (!own.success) return fail(`tools: ${problemsOf(own.error)}`);
  return { ok: true, value: { messages, tools: own.data }, repairs: json.repairs };
}

function fromWire(wire: WireConversation['messages']): Message[] {
  let calls = 0;
  let answered = 0;
  return wire.map(({ role, content, calls: called = [] }): Message => {
    const text = content?.trim() ?? '';
    if (role === 'system' || role === 'user') return { role, content: text };
    if (role === 'tool') {
      answered += 1;
      return { role, tool_call_id: `call_${answered}`, content: text };
    }
    if (called.length === 0) return { role, content: text };
    const toolCalls = called.map((call) => {
      calls += 1;
      const args = JSON.stringify(call.arguments);
      return {
        id: `call_${calls}`,
        type: 'function' as const,
        function: { name: call.name, arguments: args },
      };
    });
    return { role, content: text === '' ? null : text, tool_calls: toolCalls };
  });
}

function toWire(message: Message): WireConversation['messages'][number] {
  const content = message.content ?? '';
  if (message.role !== 'assistant' || message.tool_calls === undefined)
    return { role: message.role, content };
  const calls = message.tool_calls.map(({ function: called }) => ({
    name: called.name,
    arguments: z.record(z.string(), z.unknown()).parse(JSON.parse(called.arguments)),
  }));
  return { role: message.role, content, calls };
}
