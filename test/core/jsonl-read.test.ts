import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import { type JsonlLine, readJsonl, type TornLine } from '../../core/jsonl-read.ts';
import { sharedFolder } from '../helpers/temporary.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await sharedFolder();
  path = join(folder, 'rows.jsonl');
});

async function read(bytes: string | Buffer, options: { from?: number; torn?: TornLine[] } = {}) {
  await writeFile(path, bytes);
  const { from = 0, torn } = options;
  const lines: JsonlLine[] = [];
  const callback = torn === undefined ? {} : { onTorn: (line: TornLine) => torn.push(line) };
  for await (const line of readJsonl(path, { from, ...callback })) lines.push(line);
  return lines;
}

test('gives each value with its place', async () => {
  expect(await read('{"a":"ü"}\n\n[1]\nnull')).toEqual([
    { value: { a: 'ü' }, offset: 0, length: 10, line: 1 },
    { value: [1], offset: 12, length: 3, line: 3 },
    { value: null, offset: 16, length: 4, line: 4 },
  ]);
});

test('passes over a byte order mark and carriage returns', async () => {
  expect(await read('\uFEFF{"a":1}\r\n{"b":2}\r\n\r\n')).toEqual([
    { value: { a: 1 }, offset: 3, length: 7, line: 1 },
    { value: { b: 2 }, offset: 12, length: 7, line: 2 },
  ]);
});

test('begins at an offset', async () => {
  expect(await read('{"a":1}\n{"b":2}\n', { from: 8 })).toEqual([
    { value: { b: 2 }, offset: 8, length: 7, line: 1 },
  ]);
});

test('reads an empty file', async () => {
  expect(await read('')).toEqual([]);
});

test('joins lines that cross the blocks it reads', async () => {
  const values = Array.from({ length: 200 }, (_, index) => 'é€🙂'.repeat((index * 977) % 5000));
  const lines = await read(values.map((value) => JSON.stringify(value)).join('\n'));
  expect(lines.map(({ value }) => value)).toEqual(values);
});

test('reads a line of 50 MB', async () => {
  const text = 'y'.repeat(50_000_000);
  const lines = await read(`{"text":"${text}"}\n1\n`);
  expect(lines.map(({ length }) => length)).toEqual([50_000_011, 1]);
});

test('a broken line is an error that names file and line', async () => {
  const error: unknown = await read('{"a":1}\n{"a":\n{}\n').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  expect(error).toMatchObject({ message: expect.stringContaining(`${path}: line 2 is not JSON`) });
  await expect(read('1\n{x}\n2', { from: 2 })).rejects.toThrow('the line at byte 2 is not JSON');
  await expect(read(Buffer.from([34, 0xff, 34, 10]))).rejects.toThrow('its bytes are not UTF-8');
});

test('a torn last line is told apart from a broken one, wherever it was cut', async () => {
  const whole = Buffer.from('{"a":["ü🙂",{"b":1}]}');
  for (let cut = 1; cut < whole.length; cut += 1) {
    const torn: TornLine[] = [];
    const tail = whole.subarray(0, cut);
    const lines = await read(Buffer.concat([Buffer.from('{}\n'), tail]), { torn });
    expect(lines).toHaveLength(1);
    expect(torn).toEqual([{ offset: 3, bytes: cut, line: 2, prefix: tail.toString('utf8') }]);
  }
  await expect(read('{}\n{"a":')).rejects.toThrow('line 2 is not JSON');
});

test('a missing file is a UsageError', async () => {
  const missing = readJsonl(join(folder, 'none.jsonl')).next();
  await expect(missing).rejects.toThrow(UsageError);
  await expect(missing).rejects.toThrow('none.jsonl: there is no such file');
});
