import { z } from 'zod';
import { type Conversation, type Message, ToolDefinition } from '../conversation.ts';
import { UsageError } from '../errors.ts';
import { jsonOrUndefined } from './arguments.ts';
import { CallIds } from './call-ids.ts';
import {
  callValue,
  contentText,
  contentValue,
  type Exchange,
  exchangesOf,
  jsonInTags,
  parseAs,
  parseJson,
} from './exchanges.ts';

const Turn = z.object({
  from: z.enum(['system', 'human', 'gpt', 'function_call', 'observation']),
  value: z.string(),
});
type Turn = z.infer<typeof Turn>;

/** A row of LLaMA-Factory's sharegpt format; `tools` is a JSON string, "" where there are none. */
export const ShareGptRow = z.object({
  conversations: z.array(Turn),
  system: z.string().nullish(),
  tools: z.string().nullish(),
});
export type ShareGptRow = z.infer<typeof ShareGptRow>;

const WrittenCall = z.object({ name: z.string(), arguments: z.unknown() });
const OPEN = '<tool_call>';
const CLOSE = '</tool_call>';

/**
 * A conversation as LLaMA-Factory's sharegpt format has it. Ids are lost, and whether an assistant's
 * empty text was null. Throws a UsageError for what it cannot express or its reader would skip: a
 * system message that is not the first, roles that do not alternate, calls without results.
 */
export function toShareGpt(conversation: Conversation): ShareGptRow {
  const exchanges = exchangesOf(conversation);
  const [first] = exchanges;
  const system = first?.role === 'system' ? first.content : '';
  const turns = first?.role === 'system' ? exchanges.slice(1) : exchanges;
  const conversations = turns.map(toTurn);
  conversations.forEach(({ from }, index) => {
    const isAnswer = from === 'gpt' || from === 'function_call';
    if (isAnswer !== (index % 2 === 1)) {
      throw new UsageError(`the sharegpt format needs alternating turns: turn ${index} is ${from}`);
    }
  });
  if (conversations.length % 2 === 1) {
    throw new UsageError('the sharegpt format needs an answer at the end');
  }
  const tools = conversation.tools.length === 0 ? '' : JSON.stringify(conversation.tools);
  return { conversations, system, tools };
}

function toTurn(exchange: Exchange): Turn {
  if (exchange.role === 'system') {
    throw new UsageError('the sharegpt format has a system message at the beginning only');
  }
  if (exchange.role === 'user') return { from: 'human', value: exchange.content };
  if (exchange.role === 'tool') {
    const [only, ...others] = exchange.results.map(({ content }) => content);
    if (only !== undefined && others.length === 0) return { from: 'observation', value: only };
    const all = exchange.results.map(({ content }) => contentValue(content));
    return { from: 'observation', value: JSON.stringify(all) };
  }
  const { content, tool_calls } = exchange.message;
  if (tool_calls === undefined) return { from: 'gpt', value: content ?? '' };
  const calls = jsonInTags(tool_calls.map(callValue));
  return { from: 'function_call', value: content ? `${content}\n${OPEN}${calls}${CLOSE}` : calls };
}

/** Reads a row of the sharegpt format. Calls are call_1, call_2, ...; throws a UsageError. */
export function fromShareGpt(value: unknown): Conversation {
  const row = parseAs(ShareGptRow, value, 'sharegpt');
  const ids = new CallIds();
  const messages = row.conversations.flatMap((turn) => fromTurn(turn, ids));
  if (row.system) messages.unshift({ role: 'system', content: row.system });
  const tools = row.tools ? parseJson(row.tools, 'sharegpt') : [];
  return { messages, tools: parseAs(z.array(ToolDefinition), tools, 'sharegpt') };
}

function fromTurn({ from, value }: Turn, ids: CallIds): Message[] {
  switch (from) {
    case 'system':
      return [{ role: 'system', content: value }];
    case 'human':
      return [{ role: 'user', content: value }];
    case 'gpt':
      return [{ role: 'assistant', content: value }];
    case 'function_call':
      return [fromCalls(value, ids)];
    case 'observation':
      return fromObservation(value, ids);
  }
}

function fromCalls(value: string, ids: CallIds): Message {
  const at = value.endsWith(CLOSE) ? value.lastIndexOf(OPEN) : -1;
  const json = at < 0 ? value : value.slice(at + OPEN.length, -CLOSE.length);
  const text = at < 0 ? '' : value.slice(0, at).replace(/\n$/, '');
  const parsed = parseJson(json, 'sharegpt');
  const list = Array.isArray(parsed) ? parsed : [parsed];
  const calls = parseAs(z.array(WrittenCall).min(1), list, 'sharegpt').map((call) => ({
    id: ids.next(),
    type: 'function' as const,
    function: { name: call.name, arguments: contentText(call.arguments ?? {}) },
  }));
  ids.turn(calls.map(({ id }) => id));
  return { role: 'assistant', content: text === '' ? null : text, tool_calls: calls };
}

/** One observation holds the results of all calls: a JSON list where there were several. */
function fromObservation(value: string, ids: CallIds): Message[] {
  const waiting = ids.unanswered();
  const list = waiting.length > 1 ? jsonOrUndefined(value) : undefined;
  const isList = Array.isArray(list) && list.length === waiting.length;
  const contents: string[] = isList ? list.map(contentText) : [value];
  return contents.map((content) => {
    const tool_call_id = ids.expected();
    if (tool_call_id === undefined) throw new UsageError('an observation answers no function_call');
    ids.answer(tool_call_id);
    return { role: 'tool', tool_call_id, content };
  });
}
