import { z } from 'zod';
import { type Column, type ColumnRow, MESSAGE_COLUMNS } from '../../core/columns.ts';
import { parseAs } from '../../core/formats/exchanges.ts';
import type { DatasetTask } from '../dataset-row.ts';

const IDS: readonly Column[] = [
  { name: 'id', type: 'string' },
  { name: 'source_id', type: 'string' },
];

const TEXT_MESSAGE: readonly Column[] = [
  { name: 'role', type: 'string' },
  { name: 'content', type: 'string' },
];

const COLUMNS: Readonly<Record<DatasetTask, readonly Column[]>> = {
  agent: [
    ...IDS,
    { name: 'messages', type: 'list', fields: MESSAGE_COLUMNS },
    { name: 'tools', type: 'string' },
  ],
  synthesizer: [
    ...IDS,
    { name: 'prompt', type: 'list', fields: TEXT_MESSAGE },
    { name: 'completion', type: 'list', fields: TEXT_MESSAGE },
  ],
};

/** The columns of a dataset's Parquet and Arrow files: those of the TRL lines, one type a column. */
export function datasetColumns(task: DatasetTask): readonly Column[] {
  return COLUMNS[task];
}

/** A TRL line as the values of these columns, null for the members a message has not. */
export function toDatasetColumns(line: unknown, task: DatasetTask): ColumnRow {
  const values = parseAs(z.record(z.string(), z.unknown()), line, 'TRL');
  return pick(values, COLUMNS[task]);
}

function pick(values: ColumnRow, columns: readonly Column[]): ColumnRow {
  return Object.fromEntries(
    columns.map((column) => [column.name, shape(values[column.name], column)]),
  );
}

function shape(value: unknown, column: Column): unknown {
  if (value === undefined || value === null) return null;
  if (column.type === 'list' && Array.isArray(value)) {
    return value.map((element: ColumnRow) => pick(element, column.fields));
  }
  // A line that a layout made has objects where its columns are structs.
  return column.type === 'struct' ? pick(value as ColumnRow, column.fields) : value;
}

/** The columns as the `features` of a dataset_info.json of `datasets`. */
export function featuresOf(columns: readonly Column[]): Record<string, unknown> {
  return Object.fromEntries(columns.map((column) => [column.name, feature(column)]));
}

function feature(column: Column): unknown {
  switch (column.type) {
    case 'struct':
      return featuresOf(column.fields);
    case 'list':
      return { feature: featuresOf(column.fields), _type: 'List' };
    default:
      return { dtype: column.type, _type: 'Value' };
  }
}
