import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { z } from 'zod';
import { writeArrow } from '../arrow-write.ts';
import { REJECTION_COLUMNS, TRAJECTORY_COLUMNS, toColumns } from '../columns.ts';
import { UsageError } from '../errors.ts';
import { toHermes } from '../formats/hermes.ts';
import { toShareGpt } from '../formats/sharegpt.ts';
import { writeParquet } from '../parquet-write.ts';
import type { Rejection, Trajectory } from '../trajectory.ts';
import { type RowStatus, readRows } from './find-row.ts';
import { preferencePairs } from './preference.ts';

export const ExportFormat = z.enum([
  'jsonl',
  'parquet',
  'arrow',
  'sharegpt',
  'hermes',
  'preference',
]);
export type ExportFormat = z.infer<typeof ExportFormat>;

type Row = Trajectory | Rejection;

/** A row, or a version of one, that the format cannot express, and why. */
export interface LeftOut {
  id: string;
  reason: string;
}

/**
 * Writes a run's rows of one status to a file, row by row; the file appears under its name when it is whole.
 * `preference` writes pairs of the accepted rows that were mended (see preferencePairs), other rows make none.
 * @param onLeftOut told of each row that the chat formats cannot express, and each version that makes no pair
 * @returns how many rows the file has
 * @throws UsageError for pairs of rows that were not accepted
 */
export async function exportRows(
  folder: string,
  status: RowStatus,
  format: ExportFormat,
  path: string,
  onLeftOut: (row: LeftOut) => void,
): Promise<number> {
  const rows = rowsOf(folder, status);
  const columns = status === 'rejected' ? REJECTION_COLUMNS : TRAJECTORY_COLUMNS;
  if (format === 'parquet') return writeParquet(path, columns, mapped(rows, toColumns));
  if (format === 'arrow') return writeArrow(path, columns, mapped(rows, toColumns));
  if (format !== 'preference') return writeLines(path, expressible(rows, LINES[format], onLeftOut));
  if (status !== 'accepted')
    throw new UsageError(
      `preference pairs are made of accepted rows: of a ${status} row no version is known to be good`,
    );
  return writeLines(path, pairsOf(rows, onLeftOut));
}

/** In the chat formats a row keeps its id and its source's, so that it can be found again. */
const LINES: Record<'jsonl' | 'sharegpt' | 'hermes', (row: Row) => unknown> = {
  jsonl: (row) => row,
  sharegpt: (row) => ({ id: row.id, source_id: row.source.id, ...toShareGpt(row) }),
  hermes: (row) => ({ id: row.id, source_id: row.source.id, ...toHermes(row) }),
};

async function* rowsOf(folder: string, status: RowStatus): AsyncGenerator<Row> {
  for await (const { row } of readRows(folder, [status])) yield row;
}

async function* mapped<T>(rows: AsyncIterable<Row>, map: (row: Row) => T): AsyncGenerator<T> {
  for await (const row of rows) yield map(row);
}

async function* expressible(
  rows: AsyncIterable<Row>,
  map: (row: Row) => unknown,
  onLeftOut: (row: LeftOut) => void,
): AsyncGenerator<unknown> {
  for await (const row of rows) {
    try {
      yield map(row);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      onLeftOut({ id: row.id, reason: error.message });
    }
  }
}

async function* pairsOf(
  rows: AsyncIterable<Row>,
  onLeftOut: (row: LeftOut) => void,
): AsyncGenerator<unknown> {
  for await (const row of rows) {
    if ('rejected_by' in row) continue;
    for (const pair of preferencePairs(row)) {
      if ('reason' in pair) onLeftOut(pair);
      else yield pair;
    }
  }
}

async function writeLines(path: string, values: AsyncIterable<unknown>): Promise<number> {
  const partial = `${path}.partial`;
  const file = createWriteStream(partial);
  try {
    let count = 0;
    for await (const value of values) {
      if (!file.write(`${JSON.stringify(value)}\n`)) await once(file, 'drain');
      count += 1;
    }
    file.end();
    await finished(file);
    await rename(partial, path);
    return count;
  } catch (cause) {
    file.destroy();
    await rm(partial, { force: true });
    throw new Error(`cannot write ${path}`, { cause });
  }
}
