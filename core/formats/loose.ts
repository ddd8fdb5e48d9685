import { isObject, jsonOrUndefined } from './arguments.ts';
import { CallIds } from './call-ids.ts';
import { parsePythonLiteral } from './python-literal.ts';

/**
 * A conversation in OpenAI's form as far as it could be brought into it: what does not fit stays as it is,
 * so that the checks can say so. `toolsKnown` is false where the file does not tell which tools there were.
 */
export interface LooseConversation {
  messages: readonly unknown[];
  tools: readonly unknown[];
  toolsKnown: boolean;
}

/**
 * Messages and tools of OpenAI's format, whatever is wrong with them: arguments given as objects become
 * texts, text parts one text, missing ids call_1, call_2, ..., `developer` is `system`, and the tools
 * may be a list or its JSON.
 */
export function looseOpenAi(row: Record<string, unknown>): LooseConversation {
  const messages = listOf(row.messages);
  const ids = new CallIds();
  return {
    messages: messages.map((message) => (isObject(message) ? looseMessage(message, ids) : message)),
    ...looseTools(row.tools ?? row.functions),
  };
}

/**
 * A list of tools, or JSON of one. Definitions without the wrapper `{type: "function"}` get it, also MCP's,
 * whose schema is `input_schema` or `inputSchema`.
 */
export function looseTools(value: unknown): Pick<LooseConversation, 'tools' | 'toolsKnown'> {
  if (value === undefined || value === null) return { tools: [], toolsKnown: false };
  if (value === '') return { tools: [], toolsKnown: true };
  const list = typeof value === 'string' ? textValue(value) : value;
  const tools = listOf(list).map((tool) => (typeof tool === 'string' ? textValue(tool) : tool));
  return { tools: tools.map(wrapped), toolsKnown: true };
}

/** What a text holds as JSON or as a Python literal, or the text itself. */
export function textValue(text: string): unknown {
  return jsonOrUndefined(text) ?? parsePythonLiteral(text) ?? text;
}

/** A call's arguments as text; texts stay as they are. */
export function looseArguments(value: unknown): unknown {
  if (value === undefined || value === null) return '{}';
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? Array.from(value) : [value];
}

function wrapped(tool: unknown): unknown {
  if (!isObject(tool) || isObject(tool.function) || typeof tool.name !== 'string') return tool;
  const { name, description, parameters, input_schema, inputSchema } = tool;
  const schema = parameters ?? input_schema ?? inputSchema;
  const definition = { name, ...(description === undefined ? {} : { description }) };
  return {
    type: 'function',
    function: schema === undefined ? definition : { ...definition, parameters: schema },
  };
}

function looseMessage(message: Record<string, unknown>, ids: CallIds): Record<string, unknown> {
  const content = looseContent(message.content);
  const role = message.role === 'developer' ? 'system' : message.role;
  if (role === 'tool') {
    const id = message.tool_call_id ?? ids.expected();
    if (typeof id === 'string') ids.answer(id);
    return { ...message, content, tool_call_id: id };
  }
  if (role !== 'assistant' || !Array.isArray(message.tool_calls))
    return { ...message, role, content: content ?? (role === 'assistant' ? null : content) };
  const calls = Array.from(message.tool_calls, (call: unknown) => looseCall(call, ids.next()));
  ids.turn(calls.map(({ id }) => String(id)));
  return { ...message, content: content ?? null, tool_calls: calls };
}

function looseCall(value: unknown, canonical: string): { id: unknown } {
  if (!isObject(value)) return { id: canonical };
  const called = isObject(value.function) ? value.function : value;
  const { name, arguments: args } = called;
  return {
    id: value.id ?? canonical,
    ...{ type: 'function', function: { name, arguments: looseArguments(args) } },
  };
}

function looseContent(content: unknown): unknown {
  if (!Array.isArray(content)) return content;
  const isText = (part: unknown): part is { text: string } =>
    isObject(part) && part.type === 'text' && typeof part.text === 'string';
  return content.every(isText) ? content.map(({ text }) => text).join('') : content;
}
