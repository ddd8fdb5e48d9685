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
// A stream ends with a continuation mark and a length of none.
const END_BYTES = 8;

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
    await pipeline(streamBytes(columns, counted()), createWriteStream(partial));
    await rename(partial, path);
    return count;
  } catch (cause) {
    await rm(partial, { force: true });
    throw new Error(`cannot write ${path}`, { cause });
  }
}

/**
 * The stream's bytes, a batch at a time: apache-arrow's own Node stream takes batches without waiting for
 * the disk. Every batch is written as a stream of its own, less its schema and end: without
 * dictionaries, batches depend on nothing before them.
 */
async function* streamBytes(
  columns: readonly Column[],
  rows: AsyncIterable<ColumnRow>,
): AsyncGenerator<Uint8Array> {
  const schema = new Schema(columns.map(field));
  const empty = wholeStream(schema, []);
  const schemaBytes = empty.length - END_BYTES;
  yield empty.subarray(0, schemaBytes);
  for await (const batch of batches(schema, rows)) {
    yield wholeStream(schema, [batch]).subarray(schemaBytes, -END_BYTES);
  }
  yield empty.subarray(schemaBytes);
}

function wholeStream(schema: Schema, all: RecordBatch[]): Uint8Array {
  const writer = new RecordBatchStreamWriter().reset(undefined, schema);
  for (const batch of all) writer.write(batch);
  return writer.finish().toUint8Array(true);
}

async function* batches(
  schema: Schema,
  rows: AsyncIterable<ColumnRow>,
): AsyncGenerator<RecordBatch> {
  const type = new Struct(schema.fields);
  let builder = makeBuilder({ type, nullValues: [null] });
  for await (const row of rows) {
    // The builder's types ask for its own row class; it reads plain objects as well.
    builder.append(row as StructRowProxy);
    if (builder.length < BATCH_ROWS) continue;
    yield new RecordBatch(schema, builder.finish().flush());
    builder = makeBuilder({ type, nullValues: [null] });
  }
  if (builder.length > 0) yield new RecordBatch(schema, builder.finish().flush());
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
