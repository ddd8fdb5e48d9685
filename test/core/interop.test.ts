import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeArrow } from '../../core/arrow-write.ts';
import { REJECTION_COLUMNS, TRAJECTORY_COLUMNS, toColumns } from '../../core/columns.ts';
import { readJsonl } from '../../core/jsonl-read.ts';
import { pythonEnv } from '../../core/launch/python.ts';
import { readParquet } from '../../core/parquet-read.ts';
import { writeParquet } from '../../core/parquet-write.ts';
import { exampleRejections, exampleTrajectories } from './example-rows.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SCRIPT = join(import.meta.dirname, 'fixtures', 'interop.py');
// Downloads on a fresh machine, and Python's libraries take seconds to import.
const INSTALL_MS = 600_000;
const PYTHON_MS = 120_000;

let folder: string;
let python: string;

beforeAll(async () => {
  await execa(join(ROOT, 'scripts', 'python-env'), ['interop']);
  python = await pythonEnv('interop', ROOT);
  folder = await mkdtemp(join(tmpdir(), 'interop-'));
}, INSTALL_MS);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('what the toolkit writes', () => {
  test('is read by pyarrow, DuckDB and datasets as the JSONL rows', {
    timeout: PYTHON_MS,
  }, async () => {
    const sets = [
      { name: 'rows', rows: exampleTrajectories(50), columns: TRAJECTORY_COLUMNS },
      { name: 'rejected', rows: exampleRejections(12), columns: REJECTION_COLUMNS },
    ];
    for (const { name, rows, columns } of sets) {
      const lines = rows.map((row) => `${JSON.stringify(row)}\n`);
      await writeFile(join(folder, `${name}.jsonl`), lines.join(''));
      await writeParquet(join(folder, `${name}.parquet`), columns, rows.map(toColumns));
      await writeArrow(join(folder, `${name}.arrow`), columns, rows.map(toColumns));
    }
    const { stdout } = await execa(python, [SCRIPT, 'compare', folder]);
    const read = stdout.split('\n').filter((line) => / (50 rows|12 rejected)$/.test(line));
    expect(read).toHaveLength(18);
  });
});

describe('what pyarrow writes', () => {
  let expected: unknown[];

  beforeAll(async () => {
    await execa(python, [SCRIPT, 'write', folder]);
    expected = [];
    for await (const { value } of readJsonl(join(folder, 'expected.jsonl'))) expected.push(value);
  }, PYTHON_MS);

  test.each([
    'zstd-1.0',
    'zstd-2.0',
    'snappy-1.0',
    'snappy-2.0',
    'gzip-1.0',
    'gzip-2.0',
    'none-1.0',
    'none-2.0',
    'plain',
  ])('is read: %s', async (name) => {
    const rows: unknown[] = [];
    for await (const row of readParquet(join(folder, `${name}.parquet`))) rows.push(row);
    expect(rows).toHaveLength(500);
    expect(JSON.parse(JSON.stringify(rows))).toEqual(expected);
  });

  test('is read by column', async () => {
    const rows: unknown[] = [];
    const path = join(folder, 'zstd-2.0.parquet');
    for await (const row of readParquet(path, { columns: ['big', 'text'] })) rows.push(row);
    expect(rows.slice(0, 2)).toEqual([
      { big: Number.MAX_SAFE_INTEGER, text: null },
      { big: Number.MAX_SAFE_INTEGER - 1, text: 'größer 🙂 ' },
    ]);
  });
});
