import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import {
  type DataType,
  Field,
  Int32,
  List,
  makeBuilder,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  type StructRowProxy,
  Utf8,
} from 'apache-arrow';
import type { Column, ColumnRow } from './columns.ts';

const BATCH_ROWS = 1000;

/**
 * Writes rows (of `toColumns`) as an Arrow IPC stream, the form that `datasets` opens, and gives their
 * number back. Rows are taken as they come; the file appears under its name when it is whole.
 */
export async function writeArrow(
  path: string,
  columns: readonly Column[],
  rows: Iterable<ColumnRow> | AsyncIterable<ColumnRow>,
): Promise<number> {
  const partial = `${path}.partial`;
  let count = 0;
  async function* counted(): AsyncGenerator<ColumnRow> {
    for await (const row of rows) {
      count += 1;
      yield row;
    }
  }
  try {
    const toBytes = RecordBatchStreamWriter.throughNode({ autoDestroy: true, objectMode: true });
    await pipeline(batches(columns, counted()), toBytes, createWriteStream(partial));
    await rename(partial, path);
    return count;
  } catch (cause) {
    await rm(partial, { force: true });
    throw new Error(`cannot write ${path}`, { cause });
  }
}

/** At least one batch, for the stream's schema. */
async function* batches(
  columns: readonly Column[],
  rows: AsyncIterable<ColumnRow>,
): AsyncGenerator<RecordBatch> {
  const schema = new Schema(columns.map(field));
  const type = new Struct(schema.fields);
  let builder = makeBuilder({ type, nullValues: [null] });
  let written = false;
  for await (const row of rows) {
    // The builder's types ask for its own row class; it reads plain objects as well.
    builder.append(row as StructRowProxy);
    if (builder.length < BATCH_ROWS) continue;
    yield new RecordBatch(schema, builder.finish().flush());
    written = true;
    builder = makeBuilder({ type, nullValues: [null] });
  }
  if (builder.length > 0 || !written) yield new RecordBatch(schema, builder.finish().flush());
}

function field(column: Column): Field {
  return new Field(column.name, dataType(column), column.nullable === true);
}

function dataType(column: Column): DataType {
  switch (column.type) {
    case 'int32':
      return new Int32();
    case 'string':
      return new Utf8();
    case 'struct':
      return new Struct(column.fields.map(field));
    case 'list':
      return new List(new Field('item', new Struct(column.fields.map(field)), false));
  }
}
