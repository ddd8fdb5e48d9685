import type { Conversation, Message, ToolCall, ToolDefinition } from '../conversation.ts';
import { exactObject } from './arguments.ts';
import { CallIds } from './call-ids.ts';

/** The tags of the text format and of the stages' answers; text that looks like one of them is escaped. */
export const RESERVED_TAGS = [
  'toolsets',
  'system',
  'user',
  'assistant',
  'func',
  'tool_call',
  'tool',
  'passage',
  'trajectory',
  'workflows',
  'workflow',
  'tools',
  'patterns',
  'answer',
  'multi_step',
  'summary',
  'domain',
  'platform',
  'task',
  'think',
  'request',
] as const;

// What follows the opening sign of a tag: a slash or none, a reserved name, and no further name character.
const TAG_REST = `/?(?:${RESERVED_TAGS.join('|')})(?![\\w:.-])`;
const TAG_START = new RegExp(`<(?=${TAG_REST})`, 'gi');
const ESCAPED_TAG_START = new RegExp(`&((?:amp;)*)lt;(?=${TAG_REST})`, 'gi');

/**
 * Escapes only what looks like a reserved tag, so that text cannot change the structure around it:
 * `<user>` becomes `&lt;user>`, `&lt;user>` becomes `&amp;lt;user>`. `unescapeMarkup` undoes it exactly.
 */
export function escapeMarkup(text: string): string {
  return text.replace(ESCAPED_TAG_START, '&amp;$1lt;').replace(TAG_START, '&lt;');
}

/** Takes one level of `escapeMarkup` away; text that was never escaped stays as it is. */
export function unescapeMarkup(text: string): string {
  return text.replace(ESCAPED_TAG_START, (_match, levels: string) =>
    levels === '' ? '<' : `&${levels.slice('amp;'.length)}lt;`,
  );
}

/** The tools as a JSON array, one definition a line. */
export function printTools(tools: readonly ToolDefinition[]): string {
  return `[${tools.map(printJson).join(',\n')}]`;
}

/**
 * A conversation in the paper's tagged text: tools first (unless `tools` is false), then a block a
 * message. `indexed` adds the message's index to its tag, `<user n="3">`, for readers who refer to one.
 * `parseTagged` reads it back without loss, arguments as JSON.stringify writes them.
 */
export function printTagged(
  conversation: Conversation,
  options: { indexed?: boolean; tools?: boolean } = {},
): string {
  const ids = new CallIds();
  const blocks = conversation.messages.map((message, index) =>
    printMessage(message, ids, options.indexed === true ? ` n="${index}"` : ''),
  );
  if (options.tools !== false) {
    blocks.unshift(`<toolsets>\n${printTools(conversation.tools)}\n</toolsets>`);
  }
  return blocks.join('\n');
}

function printMessage(message: Message, ids: CallIds, index: string): string {
  if (message.role === 'assistant') {
    const text = message.content === null ? [] : [escapeMarkup(message.content)];
    const lines = [...text, ...printCalls(message.tool_calls ?? [], ids)];
    return ['<assistant', index, '>\n', ...lines.map((line) => `${line}\n`), '</assistant>'].join(
      '',
    );
  }
  const id = message.role === 'tool' ? printResultId(message.tool_call_id, ids) : '';
  return `<${message.role}${index}${id}>\n${escapeMarkup(message.content)}\n</${message.role}>`;
}

function printCalls(calls: readonly ToolCall[], ids: CallIds): string[] {
  const lines = calls.map((call) => {
    const id = call.id === ids.next() ? '' : ` id="${escapeAttribute(call.id)}"`;
    const { name, arguments: text } = call.function;
    return `<func${id}>${printJson({ name, arguments: exactObject(text) ?? text })}</func>`;
  });
  ids.turn(calls.map((call) => call.id));
  return lines;
}

function printResultId(id: string, ids: CallIds): string {
  const attribute = id === ids.expected() ? '' : ` id="${escapeAttribute(id)}"`;
  ids.answer(id);
  return attribute;
}

/** JSON whose strings hold no reserved tag: its `<` is written \u003c. */
function printJson(value: unknown): string {
  return JSON.stringify(value).replace(TAG_START, '\\u003c');
}

const ATTRIBUTE_ESCAPES = { '&': '&amp;', '"': '&quot;', '<': '&lt;', '>': '&gt;' };

function escapeAttribute(text: string): string {
  const entries = Object.entries(ATTRIBUTE_ESCAPES);
  return entries.reduce(
    (escaped, [character, entity]) => escaped.replaceAll(character, entity),
    text,
  );
}

/** Undoes the escaping of an attribute's value. */
export function unescapeAttribute(text: string): string {
  const entries = Object.entries(ATTRIBUTE_ESCAPES).reverse();
  return entries.reduce((plain, [character, entity]) => plain.replaceAll(entity, character), text);
}
