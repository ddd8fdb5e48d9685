import type { Conversation, Message, ToolDefinition } from '../../core/conversation.ts';
import { CallIds } from '../../core/formats/call-ids.ts';
import { printTagged } from '../../core/formats/tagged.ts';
import { parseTagged } from '../../core/formats/tagged-parse.ts';
import { parseWireMessages } from './conversation-answer.ts';
import { type AnswerFormat, fail, type Parsed } from './stage.ts';

/**
 * Reads an answer that goes on with a conversation: its messages only, with ids that follow those before. An answer
 * that repeats the conversation from its beginning is taken when it repeats it word for word.
 */
export function parseContinuation(
  text: string,
  before: Conversation,
  format: AnswerFormat,
): Parsed<Message[]> {
  const parsed = format === 'json' ? readJson(text, before) : readTags(text, before);
  if (!parsed.ok || parsed.value.length > 0) return parsed;
  return fail(`the answer has no message ${before.messages.length}`);
}

function readTags(text: string, before: Conversation): Parsed<Message[]> {
  const read = parseHead(before);
  if (!read.ok) return read;
  const head = read.value;
  if (/^\s*(?:<toolsets>[\s\S]*<\/toolsets>\s*)?<system\b/i.test(text))
    return withoutRepeated(parseAlone(text, before.tools), head.messages);
  // Read together, so that results find the calls before them.
  const whole = parseTagged(`${head.text}\n${text}`, { trim: true, tools: before.tools });
  if (!whole.ok) return fail(whole.problem);
  const { messages, tools } = whole.conversation;
  if (!sameMessages(messages.slice(0, head.messages.length), head.messages))
    return fail(`the answer must begin with message ${head.messages.length} in its own tag`);
  const repairs = whole.repairs.slice(head.repairs).map((repair) => repair.text);
  if (tools !== before.tools) repairs.push('tools that were not asked for were left out');
  return oneConversation(messages.slice(head.messages.length), repairs);
}

/** What stands before as text, and as it is read back from that text. */
function parseHead(
  before: Conversation,
): Parsed<{ text: string; messages: Message[]; repairs: number }> {
  const text = printTagged(before, { tools: false });
  const parsed = parseTagged(text, { trim: true, tools: before.tools });
  if (!parsed.ok) return fail(`what stands before cannot be read: ${parsed.problem}`);
  const { messages } = parsed.conversation;
  return { ok: true, value: { text, messages, repairs: parsed.repairs.length }, repairs: [] };
}

function parseAlone(text: string, tools: ToolDefinition[]): Parsed<Message[]> {
  const parsed = parseTagged(text, { trim: true, tools });
  if (!parsed.ok) return fail(parsed.problem);
  const repairs = parsed.repairs.map((repair) => repair.text);
  return { ok: true, value: parsed.conversation.messages, repairs };
}

function readJson(text: string, before: Conversation): Parsed<Message[]> {
  const parsed = parseWireMessages(text, idsAfter(before.messages));
  if (!parsed.ok) return parsed;
  if (parsed.value[0]?.role !== 'system') return oneConversation(parsed.value, parsed.repairs);
  return withoutRepeated(parseWireMessages(text, new CallIds()), before.messages);
}

/** The ids as they stand after messages. */
function idsAfter(messages: readonly Message[]): CallIds {
  const ids = new CallIds();
  for (const message of messages) {
    if (message.role === 'tool') ids.answer(message.tool_call_id);
    if (message.role !== 'assistant') continue;
    const calls = message.tool_calls ?? [];
    for (const _call of calls) ids.next();
    ids.turn(calls.map((call) => call.id));
  }
  return ids;
}

function withoutRepeated(whole: Parsed<Message[]>, before: readonly Message[]): Parsed<Message[]> {
  if (!whole.ok) return whole;
  const [head, rest] = [whole.value.slice(0, before.length), whole.value.slice(before.length)];
  if (!sameMessages(head, before))
    return fail(
      `the answer begins at the first message and changes what stands before message ${before.length}; write the messages from ${before.length} on only`,
    );
  return oneConversation(rest, [...whole.repairs, 'the messages before were repeated']);
}

function oneConversation(messages: Message[], repairs: string[]): Parsed<Message[]> {
  if (messages.some(({ role }) => role === 'system'))
    return fail('the answer has a system message in the middle; write one conversation');
  return { ok: true, value: messages, repairs };
}

/** Whether messages say the same; the blanks around a text do not count. */
function sameMessages(one: readonly Message[], other: readonly Message[]): boolean {
  const shape = (messages: readonly Message[]) =>
    JSON.stringify(messages.map((message) => ({ ...message, content: message.content?.trim() })));
  return shape(one) === shape(other);
}
