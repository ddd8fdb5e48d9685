import { z } from 'zod';
import { type Conversation, type Message, ToolDefinition } from '../conversation.ts';
import { UsageError } from '../errors.ts';
import { isObject, jsonOrUndefined } from './arguments.ts';
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

const Turn = z.object({ from: z.enum(['system', 'human', 'gpt', 'tool']), value: z.string() });
type Turn = z.infer<typeof Turn>;

/** A row of the Hermes function-calling format: all there is stands in the turns. */
export const HermesRow = z.object({ conversations: z.array(Turn) });
export type HermesRow = z.infer<typeof HermesRow>;

const WrittenCall = z.object({ name: z.string(), arguments: z.unknown() });

const BEFORE_TOOLS = 'You may call the functions described within <tools></tools>.\n';
const AFTER_TOOLS = [
  'To call one, give a JSON object with its name and arguments within <tool_call></tool_call>:',
  '<tool_call>\n{"name": <name>, "arguments": <arguments>}\n</tool_call>',
].join('\n');

/**
 * A conversation in the Hermes function-calling format. Ids are lost, and whether an empty text was
 * null. Throws a UsageError for what it cannot express: a system message that is not the first, calls
 * without results, tags of calls inside an assistant's text.
 */
export function toHermes(conversation: Conversation): HermesRow {
  const exchanges = exchangesOf(conversation);
  const [first] = exchanges;
  const hasSystem = first?.role === 'system';
  const conversations = (hasSystem ? exchanges.slice(1) : exchanges).map(toTurn);
  const system = systemText(hasSystem ? first.content : '', conversation.tools);
  if (system !== '') conversations.unshift({ from: 'system', value: system });
  return { conversations };
}

function systemText(system: string, tools: readonly ToolDefinition[]): string {
  if (tools.length === 0) {
    if (!system.includes('<tools>')) return system;
    throw new UsageError('the hermes format cannot hold <tools> in a system text');
  }
  const lines = tools.map((tool) => `${jsonInTags(tool)}\n`).join('');
  const block = `${BEFORE_TOOLS}<tools>\n${lines}</tools>\n${AFTER_TOOLS}`;
  return system === '' ? block : `${system}\n\n${block}`;
}

function toTurn(exchange: Exchange): Turn {
  if (exchange.role === 'system') {
    throw new UsageError('the hermes format has a system message at the beginning only');
  }
  if (exchange.role === 'user') return { from: 'human', value: exchange.content };
  if (exchange.role === 'tool') {
    const blocks = exchange.results.map(({ name, content }) =>
      block('tool_response', { name, content: contentValue(content) }),
    );
    return { from: 'tool', value: blocks.join('\n') };
  }
  const { content, tool_calls = [] } = exchange.message;
  if (content?.includes('<tool_call>')) {
    throw new UsageError('the hermes format cannot hold <tool_call> in a text');
  }
  const calls = tool_calls.map((call) => block('tool_call', callValue(call)));
  return { from: 'gpt', value: [...(content ? [content] : []), ...calls].join('\n') };
}

function block(tag: string, value: unknown): string {
  return `<${tag}>\n${jsonInTags(value)}\n</${tag}>`;
}

/**
 * Reads a row of the Hermes format. Calls are call_1, call_2, ... and results answer them in order; of
 * another writer's system text all but the tools stays. Throws a UsageError.
 */
export function fromHermes(value: unknown): Conversation {
  const { conversations } = parseAs(HermesRow, value, 'hermes');
  const ids = new CallIds();
  const tools: ToolDefinition[] = [];
  const messages = conversations.flatMap((turn): Message[] => {
    if (turn.from === 'human') return [{ role: 'user', content: turn.value }];
    if (turn.from === 'gpt') return [fromAnswer(turn.value, ids)];
    if (turn.from === 'tool') return fromResults(turn.value, ids);
    const content = withoutTools(turn.value, tools);
    return content === '' ? [] : [{ role: 'system', content }];
  });
  return { messages, tools };
}

/** A system text without its tools block; the tools go to a list. */
function withoutTools(text: string, tools: ToolDefinition[]): string {
  const open = text.lastIndexOf('<tools>\n');
  const close = text.indexOf('</tools>', open);
  if (open < 0 || close < 0) return text;
  const json = text.slice(open + '<tools>'.length, close).trim();
  const isList = json.startsWith('[');
  const list = isList
    ? parseJson(json, 'hermes')
    : json.split('\n').map((line) => parseJson(line, 'hermes'));
  tools.push(...parseAs(z.array(ToolDefinition), list, 'hermes'));
  const before = text.slice(0, open);
  const after = text.slice(close + '</tools>'.length);
  if (!before.endsWith(BEFORE_TOOLS) || after !== `\n${AFTER_TOOLS}`) return before + after;
  return before.slice(0, -BEFORE_TOOLS.length).replace(/\n\n$/, '');
}

function fromAnswer(value: string, ids: CallIds): Message {
  const start = value.indexOf('<tool_call>');
  if (start < 0) return { role: 'assistant', content: value };
  const text = value.slice(0, start).replace(/\n$/, '');
  const calls = blocks('tool_call', value.slice(start)).map((json) => {
    const call = parseAs(WrittenCall, parseJson(json, 'hermes'), 'hermes');
    const written = contentText(call.arguments ?? {});
    return {
      id: ids.next(),
      type: 'function' as const,
      function: { name: call.name, arguments: written },
    };
  });
  ids.turn(calls.map(({ id }) => id));
  return { role: 'assistant', content: text === '' ? null : text, tool_calls: calls };
}

function fromResults(value: string, ids: CallIds): Message[] {
  return blocks('tool_response', value).map((text) => {
    const tool_call_id = ids.expected();
    if (tool_call_id === undefined) throw new UsageError('a tool_response answers no tool_call');
    ids.answer(tool_call_id);
    const result = jsonOrUndefined(text);
    const isNamed = isObject(result) && 'content' in result;
    return { role: 'tool', tool_call_id, content: isNamed ? contentText(result.content) : text };
  });
}

/** What stands in the blocks of one tag; between them there may be blanks alone. */
function blocks(tag: string, text: string): string[] {
  const [before = '', ...parts] = text.split(`<${tag}>`);
  return parts.map((part) => {
    const [body = '', after, ...more] = part.split(`</${tag}>`);
    if (before.trim() !== '' || after?.trim() !== '' || more.length > 0) {
      throw new UsageError(`the hermes format needs whole ${tag} blocks: ${text.slice(0, 200)}`);
    }
    return body.trim();
  });
}
