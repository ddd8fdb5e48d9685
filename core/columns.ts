import { Rejection, Trajectory } from './trajectory.ts';

/** A column of a columnar file; a list is a list of structs. `json` says that its strings are JSON. */
export type Column =
  | { name: string; type: 'int32' | 'string'; nullable?: boolean; json?: boolean }
  | { name: string; type: 'struct' | 'list'; nullable?: boolean; fields: readonly Column[] };

/** The value of a column layout's row: plain objects and arrays, null where there is nothing. */
export type ColumnRow = Record<string, unknown>;

const TOOL_CALL: readonly Column[] = [
  { name: 'id', type: 'string' },
  { name: 'type', type: 'string' },
  {
    name: 'function',
    type: 'struct',
    fields: [
      { name: 'name', type: 'string' },
      { name: 'arguments', type: 'string' },
    ],
  },
];

/** A message in OpenAI's chat format. */
export const MESSAGE_COLUMNS: readonly Column[] = [
  { name: 'role', type: 'string' },
  { name: 'content', type: 'string', nullable: true },
  { name: 'tool_calls', type: 'list', nullable: true, fields: TOOL_CALL },
  { name: 'tool_call_id', type: 'string', nullable: true },
];

/**
 * The columns of trajectories. What differs in shape from row to row (tools, arguments) is JSON text:
 * readers that infer types would unite or refuse such shapes. `source` has one shape and stays the
 * struct that it is in JSONL, so that `source.url` means the same in every file.
 */
export const TRAJECTORY_COLUMNS: readonly Column[] = [
  { name: 'schema_version', type: 'int32' },
  { name: 'id', type: 'string' },
  { name: 'messages', type: 'list', fields: MESSAGE_COLUMNS },
  { name: 'tools', type: 'string', json: true },
  { name: 'workflow', type: 'string', json: true, nullable: true },
  {
    name: 'source',
    type: 'struct',
    fields: [
      { name: 'id', type: 'string' },
      { name: 'sha256', type: 'string' },
      { name: 'text', type: 'string' },
      { name: 'title', type: 'string', nullable: true },
      { name: 'url', type: 'string', nullable: true },
      { name: 'licence', type: 'string', nullable: true },
    ],
  },
  { name: 'tags', type: 'string', json: true, nullable: true },
  { name: 'patterns', type: 'string', json: true },
  { name: 'checks', type: 'string', json: true },
  { name: 'judge', type: 'string', json: true, nullable: true },
  { name: 'repair', type: 'string', json: true, nullable: true },
  { name: 'provenance', type: 'string', json: true },
];

/** The columns of rejected candidates: the same and why they were turned down. */
export const REJECTION_COLUMNS: readonly Column[] = [
  ...TRAJECTORY_COLUMNS,
  { name: 'rejected_by', type: 'string' },
  { name: 'reason', type: 'string' },
];

/** A row as the values of its columns. */
export function toColumns(row: Trajectory | Rejection): ColumnRow {
  const values: ColumnRow = { ...row };
  return pick(values, 'rejected_by' in row ? REJECTION_COLUMNS : TRAJECTORY_COLUMNS);
}

/**
 * The row that column values were made from, equal to its line in JSONL: a list of calls that is null
 * or empty, and an id of none, are absent again. Throws a ZodError when the values are no row.
 */
export function fromColumns(columns: ColumnRow): Trajectory | Rejection {
  const isRejection = typeof columns.rejected_by === 'string';
  const row: ColumnRow = {};
  for (const column of isRejection ? REJECTION_COLUMNS : TRAJECTORY_COLUMNS) {
    const value = columns[column.name] ?? null;
    const isJson = 'json' in column && typeof value === 'string';
    row[column.name] = isJson ? JSON.parse(value) : value;
  }
  if (Array.isArray(row.messages)) row.messages = row.messages.map(fromMessage);
  return isRejection ? Rejection.parse(row) : Trajectory.parse(row);
}

function fromMessage(message: ColumnRow): ColumnRow {
  const { role, content = null, tool_calls, tool_call_id } = message;
  const hasCalls = Array.isArray(tool_calls) && tool_calls.length > 0;
  return {
    role,
    content,
    ...(hasCalls ? { tool_calls } : {}),
    ...(typeof tool_call_id === 'string' ? { tool_call_id } : {}),
  };
}

function pick(value: object, columns: readonly Column[]): ColumnRow {
  const members = new Map<string, unknown>(Object.entries(value));
  return Object.fromEntries(
    columns.map((column) => [column.name, columnValue(members.get(column.name) ?? null, column)]),
  );
}

function columnValue(value: unknown, column: Column): unknown {
  if (value === null) return null;
  if (column.type === 'list' && Array.isArray(value)) {
    return value.map((element: object) => pick(element, column.fields));
  }
  if (column.type === 'struct' && typeof value === 'object') return pick(value, column.fields);
  return 'json' in column ? JSON.stringify(value) : value;
}
