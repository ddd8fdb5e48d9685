import type { z } from 'zod';
import type { AssistantMessage, Conversation, Message, ToolCall } from '../conversation.ts';
import { UsageError } from '../errors.ts';
import { exactObject, jsonOrUndefined } from './arguments.ts';

/** A conversation for formats that write no ids: all results of a turn's calls are one exchange, in order. */
export type Exchange =
  | { role: 'system'; content: string }
  | { role: 'user'; content: string }
  | { role: 'assistant'; message: AssistantMessage }
  | { role: 'tool'; results: { name: string; content: string }[] };

/**
 * The exchanges of a conversation, results in the order of the calls they answer. Throws a UsageError
 * when results and calls do not match one to one, which such formats cannot express.
 */
export function exchangesOf({ messages }: Conversation): Exchange[] {
  const exchanges: Exchange[] = [];
  for (let index = 0; index < messages.length; ) {
    const message = messages[index];
    index += 1;
    if (message === undefined) break;
    if (message.role === 'tool') throw new UsageError(`message ${index - 1} answers no call`);
    if (message.role !== 'assistant') {
      exchanges.push({ role: message.role, content: message.content });
      continue;
    }
    exchanges.push({ role: 'assistant', message });
    const calls = message.tool_calls ?? [];
    const results = toolMessages(messages, index);
    if (calls.length === 0 || (index === messages.length && results.length === 0)) continue;
    exchanges.push({ role: 'tool', results: inOrder(calls, results, index) });
    index += results.length;
  }
  return exchanges;
}

function toolMessages(messages: readonly Message[], from: number): ToolMessage[] {
  const results: ToolMessage[] = [];
  for (let at = from, next = messages[at]; next?.role === 'tool'; at += 1, next = messages[at]) {
    results.push(next);
  }
  return results;
}

type ToolMessage = Extract<Message, { role: 'tool' }>;

function inOrder(calls: readonly ToolCall[], results: readonly ToolMessage[], index: number) {
  const contents = new Map(results.map((result) => [result.tool_call_id, result.content]));
  if (contents.size !== calls.length || results.length !== calls.length) {
    throw new UsageError(
      `the ${calls.length} calls of message ${index - 1} have ${results.length} results`,
    );
  }
  return calls.map((call) => {
    const content = contents.get(call.id);
    if (content === undefined) throw new UsageError(`the call ${call.id} has no result`);
    return { name: call.function.name, content };
  });
}

/** A call as {name, arguments}: arguments as an object where they are one, else their text. */
export function callValue({ function: { name, arguments: text } }: ToolCall) {
  return { name, arguments: exactObject(text) ?? text };
}

/** The content of a result inside JSON: its value where it is the JSON of an object or list, else its text. */
export function contentValue(content: string): unknown {
  const value = /^[{[]/.test(content) ? jsonOrUndefined(content) : undefined;
  return JSON.stringify(value) === content ? value : content;
}

/** A result's content out of JSON; undoes contentValue. Also the text of arguments given either way. */
export function contentText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

/** JSON that holds none of the tags that formats put around JSON. */
export function jsonInTags(value: unknown): string {
  return JSON.stringify(value).replace(/<(?=\/?tool(?:s|_call|_response)\b)/g, '\\u003c');
}

/** Parses what a file holds; a UsageError says what is wrong where. */
export function parseAs<Schema extends z.ZodType>(schema: Schema, value: unknown, format: string) {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'it'}: ${message}`,
  );
  throw new UsageError(`no conversation in the ${format} format: ${issues.join('; ')}`);
}

/** Parses JSON that a format keeps in a string. */
export function parseJson(text: string, format: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`no JSON in the ${format} format: ${text.slice(0, 200)}`, { cause });
  }
}
