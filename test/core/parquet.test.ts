import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import {
  fromColumns,
  REJECTION_COLUMNS,
  TRAJECTORY_COLUMNS,
  toColumns,
} from '../../core/columns.ts';
import { UsageError } from '../../core/errors.ts';
import { parquetColumns, readParquet } from '../../core/parquet-read.ts';
import { writeParquet } from '../../core/parquet-write.ts';
import { sharedFolder } from '../helpers/temporary.ts';
import { exampleRejections, exampleTrajectories } from './example-rows.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await sharedFolder();
  path = join(folder, 'rows.parquet');
});

async function collect<Row>(rows: AsyncIterable<Row>): Promise<Row[]> {
  const collected: Row[] = [];
  for await (const row of rows) collected.push(row);
  return collected;
}

test('rows are read back as they were written, over several row groups', async () => {
  const rows = exampleTrajectories(2100);
  expect(await writeParquet(path, TRAJECTORY_COLUMNS, rows.map(toColumns))).toBe(2100);
  const read = await collect(readParquet(path));
  expect(read.map(fromColumns)).toEqual(rows);
  expect(await readdir(folder)).toEqual(['rows.parquet']);
});

test('rejected rows too', async () => {
  const rows = exampleRejections(20);
  await writeParquet(path, REJECTION_COLUMNS, rows.map(toColumns));
  expect((await collect(readParquet(path))).map(fromColumns)).toEqual(rows);
});

test('an empty file has columns and no rows', async () => {
  expect(await writeParquet(path, TRAJECTORY_COLUMNS, [])).toBe(0);
  expect(await collect(readParquet(path))).toEqual([]);
  expect(await parquetColumns(path)).toEqual(TRAJECTORY_COLUMNS.map(({ name }) => name));
});

test('only the columns asked for are read', async () => {
  await writeParquet(path, TRAJECTORY_COLUMNS, exampleTrajectories(2).map(toColumns));
  expect(await collect(readParquet(path, { columns: ['id', 'schema_version'] }))).toEqual([
    { id: 'row-0', schema_version: 1 },
    { id: 'row-1', schema_version: 1 },
  ]);
});

test('a missing column is a UsageError that lists those there are', async () => {
  await writeParquet(path, TRAJECTORY_COLUMNS, []);
  const reading = readParquet(path, { columns: ['id', 'body'] }).next();
  await expect(reading).rejects.toThrow(UsageError);
  await expect(reading).rejects.toThrow(
    `${path} has no column body; its columns are schema_version, id,`,
  );
});

test.each([
  ['text', 'this is no Parquet file at all'],
  ['nothing', ''],
])('a file of %s is a UsageError', async (_name, content) => {
  await writeFile(path, content);
  const reading = readParquet(path).next();
  await expect(reading).rejects.toThrow(UsageError);
  await expect(reading).rejects.toThrow(`${path} is no Parquet file`);
});

test('a file that is not there is a UsageError', async () => {
  await expect(readParquet(path).next()).rejects.toThrow(
    `cannot read ${path}: there is no such file`,
  );
});

test('a failed write leaves no file', async () => {
  const rows = [...exampleTrajectories(1).map(toColumns), { id: 'no row' }];
  const error: unknown = await writeParquet(path, TRAJECTORY_COLUMNS, rows).catch(
    (e: unknown) => e,
  );
  expect(error).toMatchObject({ message: `cannot write ${path}`, cause: expect.anything() });
  expect(await readdir(folder)).toEqual([]);
});
