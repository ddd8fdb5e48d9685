import type { Message } from '../../core/conversation.ts';
import { UsageError } from '../../core/errors.ts';
import { exactObject } from '../../core/formats/arguments.ts';
import type { DatasetRow, DatasetTask } from '../dataset-row.ts';
import { fromIdColumn, toIdColumn } from './id-column.ts';
import type { LayoutLine } from './layout.ts';
import { refusal } from './refusal.ts';
import { spacedJson } from './spaced-json.ts';

/**
 * A trainer's line: the ids and the columns that `columns` makes of the row `asTrained`. What no trainer
 * can take, and what `columns` throws a UsageError for, is refused with its reason.
 */
export function layoutLine(
  row: DatasetRow,
  task: DatasetTask,
  columns: (row: DatasetRow) => Record<string, unknown>,
): LayoutLine {
  const reason = refusal(row, task);
  if (reason !== null) return { ok: false, reason };
  try {
    const ids = { id: toIdColumn(row.id), source_id: toIdColumn(row.source_id) };
    return { ok: true, line: { ...ids, ...columns(asTrained(row)) } };
  } catch (error) {
    if (error instanceof UsageError) return { ok: false, reason: error.message };
    throw error;
  }
}

/**
 * The row as every trainer is to see it. Arguments are printed as the chat template prints an object, so
 * that trainers that pass a string on and trainers that parse it train the same tokens, those that Qwen3
 * itself writes. Results stand in the order of their calls: templates write no ids, so order is all that
 * tells which result is whose.
 */
export function asTrained(row: DatasetRow): DatasetRow {
  const messages: Message[] = [];
  let callIds: string[] = [];
  let results: ToolMessage[] = [];
  const place = ({ tool_call_id }: ToolMessage) => callIds.indexOf(tool_call_id);
  const endResults = () => {
    messages.push(...results.sort((one, other) => place(one) - place(other)));
    results = [];
  };
  for (const message of row.messages) {
    if (message.role === 'tool') {
      results.push(message);
      continue;
    }
    endResults();
    messages.push(spaced(message));
    callIds = message.role === 'assistant' ? (message.tool_calls ?? []).map(({ id }) => id) : [];
  }
  endResults();
  return { ...row, messages };
}

type ToolMessage = Extract<Message, { role: 'tool' }>;

function spaced(message: Message): Message {
  if (message.role !== 'assistant' || message.tool_calls === undefined) return message;
  const tool_calls = message.tool_calls.map((call) => {
    const value = exactObject(call.function.arguments);
    if (value === undefined) return call;
    return { ...call, function: { ...call.function, arguments: spacedJson(value) } };
  });
  return { ...message, tool_calls };
}

/** The ids of a line that `layoutLine` made. */
export function idsOf(line: { id: string; source_id: string }): { id: string; source_id: string } {
  return { id: fromIdColumn(line.id), source_id: fromIdColumn(line.source_id) };
}
