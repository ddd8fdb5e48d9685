import { isObject } from './arguments.ts';
import { fromHermes } from './hermes.ts';
import { type LooseConversation, looseTools, textValue } from './loose.ts';
import { fromShareGpt } from './sharegpt.ts';

/** What others call the turns of the sharegpt format. */
const SHAREGPT_NAMES: Record<string, string> = {
  user: 'human',
  assistant: 'gpt',
  tool_call: 'function_call',
  tool: 'observation',
  tool_response: 'observation',
};
const HERMES_NAMES: Record<string, string> = { user: 'human', assistant: 'gpt' };

/**
 * A row of the sharegpt format as LLaMA-Factory and APIGen-MT write it; its tools may be any that
 * looseTools reads. Throws a UsageError for turns that cannot be told apart.
 */
export function looseShareGpt(row: Record<string, unknown>): LooseConversation {
  const conversations = turnsOf(row).map((turn) => renamed(turn, SHAREGPT_NAMES));
  const { messages } = fromShareGpt({ conversations, system: row.system });
  return { messages, ...looseTools(row.tools) };
}

/**
 * A row of the Hermes format as others write it: the tools on one line or as a list, calls as Python dicts,
 * and turns also as `messages` with `role` and `content`. Throws a UsageError.
 */
export function looseHermes(row: Record<string, unknown>): LooseConversation {
  const conversations = turnsOf(row).map((turn) => plainBlocks(renamed(turn, HERMES_NAMES)));
  const { messages, tools } = fromHermes({ conversations });
  const isTold = conversations.some(({ value }) => String(value).includes('<tools>'));
  return isTold ? { messages, tools, toolsKnown: true } : { messages, ...looseTools(row.tools) };
}

interface Turn {
  from: unknown;
  value: unknown;
}

function turnsOf({ conversations, messages }: Record<string, unknown>): Turn[] {
  const given = conversations ?? messages;
  const list: unknown[] = Array.isArray(given) ? Array.from(given) : [given];
  return list.map((turn) => {
    const { from, role, value, content } = isObject(turn) ? turn : {};
    return { from: from ?? role, value: value ?? content ?? '' };
  });
}

function renamed({ from, value }: Turn, names: Record<string, string>): Turn {
  const isOther = typeof from === 'string' && Object.hasOwn(names, from);
  return { from: isOther ? names[from] : from, value };
}

/** A turn whose blocks are JSON, the tools one a line. */
function plainBlocks({ from, value }: Turn): Turn {
  if (typeof value !== 'string') return { from, value };
  if (from === 'system') return { from, value: withPlainTools(value) };
  if (from !== 'gpt' && from !== 'tool') return { from, value };
  const plain = value.replace(
    /<(tool_call|tool_response)>([^<]*(?:<(?!\/?tool_)[^<]*)*)<\/\1>/g,
    (_, tag: string, body: string) => `<${tag}>\n${asJson(body.trim())}\n</${tag}>`,
  );
  return { from, value: plain };
}

function withPlainTools(text: string): string {
  const open = text.lastIndexOf('<tools>');
  const close = text.indexOf('</tools>', open);
  if (open < 0 || close < 0) return text;
  const body = text.slice(open + '<tools>'.length, close).trim();
  const whole = textValue(body);
  const values = Array.isArray(whole) ? whole : typeof whole === 'object' ? [whole] : null;
  const lines = values ?? body.split('\n').map((line) => textValue(line.trim()));
  const { tools } = looseTools(lines);
  const written = tools.map((tool) => `${JSON.stringify(tool)}\n`).join('');
  return `${text.slice(0, open)}<tools>\n${written}${text.slice(close)}`;
}

function asJson(text: string): string {
  const value = textValue(text);
  return typeof value === 'string' ? text : JSON.stringify(value);
}
