import { isObject } from '../../core/formats/arguments.ts';
import { callProblems } from './call-analysis.ts';
import { joinPath, jsonOf, shorten } from './json-path.ts';
import { resultProblems } from './result-analysis.ts';
import type { CheckContext, Hit, Problem, Row, RowCall, RowMessage, RowTool } from './row.ts';
import { toolProblems } from './tool-analysis.ts';
import { toolSchema } from './tool-schema.ts';

const rows = new WeakMap<CheckContext, Row>();

/** The row of a context, read once for its checks and for what is told of it. */
export function rowOf(context: CheckContext): Row {
  const row = rows.get(context) ?? readRow(context);
  rows.set(context, row);
  return row;
}

/** Reads a conversation once for all checks. */
export function readRow(context: CheckContext): Row {
  const malformed: Problem[] = [];
  const { conversation } = context;
  const messages = listOf(conversation.messages, 'messages', malformed).map((value, index) =>
    readMessage(value, index, malformed),
  );
  const tools = listOf(conversation.tools, 'tools', malformed).flatMap((value, index) =>
    readTool(value, index, malformed),
  );
  const row = {
    context,
    messages,
    tools,
    toolsByName: new Map(tools.toReversed().map((tool) => [tool.name, tool])),
    calls: messages.flatMap(({ calls }) => calls),
    problems: new Map<string, Hit[]>(),
  };
  const problems = [malformed, toolProblems(row), callProblems(row), resultProblems(row)].flat();
  for (const { code, ...hit } of problems) {
    const hits = row.problems.get(code);
    if (hits === undefined) row.problems.set(code, [hit]);
    else hits.push(hit);
  }
  return row;
}

function listOf(value: unknown, name: string, malformed: Problem[]): readonly unknown[] {
  if (Array.isArray(value)) return Array.from(value);
  const text = `${name} is not a list`;
  malformed.push({ code: 'message_malformed', message_index: null, path: name, text });
  return [];
}

function readMessage(value: unknown, index: number, malformed: Problem[]): RowMessage {
  const bad = (path: string | null, text: string): void => {
    malformed.push({ code: 'message_malformed', message_index: index, path, text });
  };
  const empty: RowMessage = { index, role: '', content: '', calls: [], callId: '' };
  if (!isObject(value)) {
    bad(null, 'the message is not an object');
    return empty;
  }
  const { role, content, tool_calls: calls, tool_call_id: callId } = value;
  if (typeof role !== 'string') bad('role', 'the message has no role');
  const mayBeNull = role === 'assistant' && (content === null || content === undefined);
  if (typeof content !== 'string' && !mayBeNull) bad('content', 'the content is not a text');
  if (role === 'tool' && typeof callId !== 'string')
    bad('tool_call_id', 'the result has no call id');
  return {
    index,
    role: textOf(role),
    content: textOf(content),
    calls: role === 'assistant' ? readCalls(calls, index, bad) : [],
    callId: textOf(callId),
  };
}

/** Parquet writers leave an empty list where a message has no calls. */
function readCalls(
  calls: unknown,
  message: number,
  bad: (path: string, text: string) => void,
): RowCall[] {
  if (calls === undefined || calls === null) return [];
  if (!Array.isArray(calls)) {
    bad('tool_calls', 'tool_calls is not a list');
    return [];
  }
  return Array.from(calls, (call: unknown, index) => {
    const path = joinPath('tool_calls', index);
    const { id, function: called } = isObject(call) ? call : {};
    const { name, arguments: args } = isObject(called) ? called : {};
    if (typeof id !== 'string') bad(`${path}.id`, 'the call has no id');
    if (typeof name !== 'string') bad(`${path}.function.name`, 'the call names no tool');
    if (typeof args !== 'string') bad(`${path}.function.arguments`, 'the arguments are not a text');
    return { message, path, id: textOf(id), name: textOf(name), text: textOf(args) };
  });
}

function readTool(value: unknown, index: number, malformed: Problem[]): RowTool[] {
  const path = joinPath('tools', index);
  const bad = (text: string): RowTool[] => {
    malformed.push({ code: 'tool_malformed', message_index: null, path, text });
    return [];
  };
  if (!isObject(value)) return bad('the tool is not an object');
  const { type, function: definition } = value;
  if (!isObject(definition)) return bad('the tool has no function object');
  if (type !== 'function')
    bad(
      `the tool's type is ${shorten(type === undefined ? 'missing' : jsonOf(type))}, not "function"`,
    );
  const { name, description, parameters } = definition;
  if (typeof name !== 'string') return bad('the tool has no name');
  if (description !== undefined && typeof description !== 'string')
    bad('the description is not a text');
  return [{ index, name, description: textOf(description), schema: toolSchema(parameters) }];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
