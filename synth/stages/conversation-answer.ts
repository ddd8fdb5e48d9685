import { z } from 'zod';
import { type Conversation, type Message, ToolDefinition } from '../../core/conversation.ts';
import { CallIds } from '../../core/formats/call-ids.ts';
import { printTagged } from '../../core/formats/tagged.ts';
import { normaliseTools, type ParsedTagged, parseTagged } from '../../core/formats/tagged-parse.ts';
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
  const whole = wholeConversation(parsed);
  return whole.ok && tools !== null ? { ...whole, value: { ...whole.value, tools } } : whole;
}

/** What was read of tagged text, where it is one conversation with its tools. */
export function wholeConversation({
  conversation,
  repairs,
}: Extract<ParsedTagged, { ok: true }>): Parsed<Conversation> {
  if (conversation.tools.length === 0) return fail('the answer has no <toolsets> block');
  const problem = notOneConversation(conversation.messages);
  if (problem !== undefined) return fail(problem);
  return { ok: true, value: conversation, repairs: repairs.map((repair) => repair.text) };
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

/**
 * The messages of a JSON answer.
 * @param ids those given before; the messages' own follow them
 */
export function parseWireMessages(text: string, ids: CallIds): Parsed<Message[]> {
  const wire = readWire(text);
  return wire.ok ? { ...wire, value: fromWire(wire.value.messages, ids) } : wire;
}

function readWire(text: string): Parsed<WireConversation> {
  const json = parseJsonAnswer(text);
  if (!json.ok) return json;
  const wire = WireConversation.safeParse(json.value);
  return wire.success ? { ...json, value: wire.data } : fail(problemsOf(wire.error));
}

function parseWire(text: string, tools: ToolDefinition[] | null): Parsed<Conversation> {
  const wire = readWire(text);
  if (!wire.ok) return wire;
  const messages = fromWire(wire.value.messages, new CallIds());
  const problem = notOneConversation(messages);
  if (problem !== undefined) return fail(problem);
  if (tools !== null) return { ...wire, value: { messages, tools } };
  const own = z
    .array(ToolDefinition)
    .min(1)
    .safeParse(normaliseTools(wire.value.tools ?? []));
  if (!own.success) return fail(`tools: ${problemsOf(own.error)}`);
  return { ...wire, value: { messages, tools: own.data } };
}

function fromWire(wire: WireConversation['messages'], ids: CallIds): Message[] {
  let orphans = 0;
  return wire.map(({ role, content, calls: called = [] }): Message => {
    const text = content?.trim() ?? '';
    if (role === 'system' || role === 'user') return { role, content: text };
    if (role === 'tool') {
      const expected = ids.expected();
      if (expected === undefined) orphans += 1;
      const id = expected ?? `orphan_${orphans}`;
      ids.answer(id);
      return { role, tool_call_id: id, content: text };
    }
    if (called.length === 0) return { role, content: text };
    const toolCalls = called.map((call) => ({
      id: ids.next(),
      type: 'function' as const,
      function: { name: call.name, arguments: JSON.stringify(call.arguments) },
    }));
    ids.turn(toolCalls.map(({ id }) => id));
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
