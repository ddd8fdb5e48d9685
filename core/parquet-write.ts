import { rename, rm } from 'node:fs/promises';
import parquet, { type FieldDefinition } from 'parquetjs-lite';
import type { Column, ColumnRow } from './columns.ts';

// A row group is held in memory, here and by readers; a row is some 10 to 50 KB.
const ROW_GROUP_ROWS = 1000;

/**
 * Writes rows (of `toColumns`) as a Parquet file, snappy, and gives their number back. Rows are taken
 * as they come; the file appears under its name when it is whole.
 */
export async function writeParquet(
  path: string,
  columns: readonly Column[],
  rows: Iterable<ColumnRow> | AsyncIterable<ColumnRow>,
): Promise<number> {
  const partial = `${path}.partial`;
  try {
    const count = await writeRows(partial, columns, rows);
    await rename(partial, path);
    return count;
  } catch (cause) {
    await rm(partial, { force: true });
    throw new Error(`cannot write ${path}`, { cause });
  }
}

async function writeRows(
  path: string,
  columns: readonly Column[],
  rows: Iterable<ColumnRow> | AsyncIterable<ColumnRow>,
): Promise<number> {
  const schema = new parquet.ParquetSchema(definitions(columns));
  const writer = await parquet.ParquetWriter.openFile(schema, path, {
    rowGroupSize: ROW_GROUP_ROWS,
  });
  let count = 0;
  try {
    for await (const row of rows) {
      await writer.appendRow(shaped(row, columns));
      count += 1;
    }
  } catch (error) {
    await writer.close().catch(() => {});
    throw error;
  }
  await writer.close();
  return count;
}

function definitions(columns: readonly Column[]): Record<string, FieldDefinition> {
  return Object.fromEntries(columns.map((column) => [column.name, definition(column)]));
}

function definition(column: Column): FieldDefinition {
  const optional = column.nullable === true;
  if (column.type === 'struct') return { optional, fields: definitions(column.fields) };
  if (column.type === 'list') {
    // The format's own three levels, which tell a list that is null from an empty one.
    const element = { fields: definitions(column.fields) };
    return { type: 'LIST', optional, fields: { list: { repeated: true, fields: { element } } } };
  }
  const type = column.type === 'int32' ? 'INT32' : 'UTF8';
  // Statistics would hold whole texts, in an order that is not the format's.
  return { type, optional, compression: 'SNAPPY', statistics: false };
}

function shaped(row: ColumnRow, columns: readonly Column[]): ColumnRow {
  return Object.fromEntries(
    columns.map((column) => [column.name, shapedValue(row[column.name], column)]),
  );
}

function shapedValue(value: unknown, column: Column): unknown {
  if (column.type === 'list' && Array.isArray(value)) {
    return { list: value.map((element) => ({ element: shaped(element, column.fields) })) };
  }
  // A struct's value is an object: toColumns made it.
  return column.type === 'struct' ? shaped(value as ColumnRow, column.fields) : value;
}
