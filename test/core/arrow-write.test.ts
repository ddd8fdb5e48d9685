import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { beforeEach, expect, test } from 'vitest';
import { writeArrow } from '../../core/arrow-write.ts';
import {
  fromColumns,
  REJECTION_COLUMNS,
  TRAJECTORY_COLUMNS,
  toColumns,
} from '../../core/columns.ts';
import { sharedFolder } from '../helpers/temporary.ts';
import { exampleRejections, exampleTrajectories } from './example-rows.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await sharedFolder();
  path = join(folder, 'rows.arrow');
});

async function read() {
  const table = tableFromIPC(await readFile(path));
  // Arrow's rows and lists are views; through JSON they are plain.
  return { batches: table.batches.length, rows: JSON.parse(JSON.stringify(table.toArray())) };
}

test('rows are read back as they were written, over several batches', async () => {
  const rows = exampleTrajectories(2100);
  expect(await writeArrow(path, TRAJECTORY_COLUMNS, rows.map(toColumns))).toBe(2100);
  const { batches, rows: back } = await read();
  expect(batches).toBe(3);
  expect(back.map(fromColumns)).toEqual(rows);
  expect(await readdir(folder)).toEqual(['rows.arrow']);
});

test('rejected rows too', async () => {
  const rows = exampleRejections(20);
  await writeArrow(path, REJECTION_COLUMNS, rows.map(toColumns));
  expect((await read()).rows.map(fromColumns)).toEqual(rows);
});

test('an empty file has a schema', async () => {
  expect(await writeArrow(path, TRAJECTORY_COLUMNS, [])).toBe(0);
  const table = tableFromIPC(await readFile(path));
  expect(table.schema.names).toEqual(TRAJECTORY_COLUMNS.map(({ name }) => name));
  expect(table.numRows).toBe(0);
});

test('a failed write leaves no file', async () => {
  async function* failing() {
    yield* exampleTrajectories(1).map(toColumns);
    throw new Error('the source failed');
  }
  const error: unknown = await writeArrow(path, TRAJECTORY_COLUMNS, failing()).catch(
    (e: unknown) => e,
  );
  expect(error).toMatchObject({
    message: `cannot write ${path}`,
    cause: { message: 'the source failed' },
  });
  expect(await readdir(folder)).toEqual([]);
});
