import {
  type AsyncBuffer,
  asyncBufferFromFile,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { errorCode, errorMessage, UsageError } from './errors.ts';

/**
 * Reads a Parquet file's rows as objects, one row group in memory at a time; `columns` limits what is
 * read. Integers of 64 bits are numbers where a number holds them exactly, BigInt beyond; timestamps are
 * Dates; what is null is null. A file that is no Parquet, or has no such column, throws a UsageError.
 */
export async function* readParquet(
  path: string,
  options: { columns?: readonly string[] } = {},
): AsyncGenerator<Record<string, unknown>, void, undefined> {
  const { file, metadata } = await openParquet(path);
  const columns = options.columns === undefined ? undefined : [...options.columns];
  checkColumns(path, metadata, columns ?? []);
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const selection = { rowStart, rowEnd, ...(columns === undefined ? {} : { columns }) };
    const rows = await parquetReadObjects({ file, metadata, compressors, ...selection });
    for (const row of rows) yield plainRow(row);
    rowStart = rowEnd;
  }
}

/** The names of a Parquet file's columns, in order. */
export async function parquetColumns(path: string): Promise<string[]> {
  const { metadata } = await openParquet(path);
  return columnNames(metadata);
}

async function openParquet(path: string): Promise<{ file: AsyncBuffer; metadata: FileMetaData }> {
  try {
    const file = await asyncBufferFromFile(path);
    return { file, metadata: await parquetMetadataAsync(file) };
  } catch (cause) {
    const code = errorCode(cause);
    const reason = code === 'ENOENT' ? 'there is no such file' : errorMessage(cause);
    const what = code === undefined ? `${path} is no Parquet file` : `cannot read ${path}`;
    throw new UsageError(`${what}: ${reason}`, { cause });
  }
}

function checkColumns(path: string, metadata: FileMetaData, wanted: readonly string[]): void {
  const names = columnNames(metadata);
  const missing = wanted.filter((name) => !names.includes(name));
  if (missing.length === 0) return;
  throw new UsageError(
    `${path} has no column ${missing.join(', ')}; its columns are ${names.join(', ')}`,
  );
}

function columnNames(metadata: FileMetaData): string[] {
  return parquetSchema(metadata).children.map((child) => child.element.name);
}

function plainRow(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)]));
}

function plain(value: unknown): unknown {
  // hyparquet leaves a list or struct that is null undefined.
  if (value === undefined) return null;
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  return Object.getPrototypeOf(value) === Object.prototype ? plainRow({ ...value }) : value;
}
