import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { JsonlAppender } from '../../core/jsonl-append.ts';
import { JsonlReader } from '../../core/jsonl-read.ts';
import { sharedFolder } from '../helpers/temporary.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await sharedFolder();
  path = join(folder, 'rows.jsonl');
});

async function appendTo(file: string, ...values: unknown[]) {
  const { appender, torn } = await JsonlAppender.open(file);
  const places = await Promise.all(values.map((value) => appender.append(value)));
  await appender.close();
  return { places, torn };
}

describe('appending', () => {
  test('writes lines in order and says where each is', async () => {
    const values = Array.from({ length: 3000 }, (_, index) => ({
      index,
      text: 'ü\n🙂'.repeat(index % 7),
    }));
    const { places, torn } = await appendTo(path, ...values);
    expect(torn).toBeNull();
    const text = await readFile(path, 'utf8');
    expect(text).toBe(values.map((value) => `${JSON.stringify(value)}\n`).join(''));
    const reader = await JsonlReader.open(path);
    for (const index of [0, 1, 1023, 1024, 2999]) {
      const { offset, length } = places[index] ?? { offset: -1, length: -1 };
      expect(await reader.valueAt(offset, length)).toEqual(values[index]);
    }
    await expect(reader.valueAt(1, 5)).rejects.toThrow(
      `${path} holds no line of 5 bytes at byte 1`,
    );
    await reader.close();
  });

  test('goes on where a file ends', async () => {
    await appendTo(path, { a: 1 });
    const { places } = await appendTo(path, { b: 2 });
    expect(places).toEqual([{ offset: 8, length: 7 }]);
    expect(await readFile(path, 'utf8')).toBe('{"a":1}\n{"b":2}\n');
  });

  test('takes a line that is JSON already, and nothing that would break the file', async () => {
    const { appender } = await JsonlAppender.open(path);
    await appender.appendLine('{"a":1}');
    await expect(appender.appendLine('{"a":\n1}')).rejects.toThrow('holds a newline');
    await expect(appender.append(undefined)).rejects.toThrow('no JSON');
    expect(appender.size).toBe(8);
    await appender.close();
    await expect(appender.append({})).rejects.toThrow(`${path} is closed`);
    expect(await readFile(path, 'utf8')).toBe('{"a":1}\n');
  });

  test('keeps a line of many megabytes', async () => {
    const { places } = await appendTo(path, { text: 'é'.repeat(20_000_000) }, { last: true });
    expect(places).toEqual([
      { offset: 0, length: 40_000_011 },
      { offset: 40_000_012, length: 13 },
    ]);
  });
});

describe('opening', () => {
  const line = JSON.stringify({ id: 'b', text: 'größer 🙂', list: [1, { c: null }] });
  const first = '{"id":"a"}\n';

  test('cuts off a last line that was cut anywhere, and tells', async () => {
    const whole = Buffer.from(line);
    for (let cut = 1; cut < whole.length; cut += 1) {
      const tail = whole.subarray(0, cut);
      await writeFile(path, Buffer.concat([Buffer.from(first), tail]));
      const { torn } = await appendTo(path, { id: 'c' });
      expect(torn).toEqual({ bytes: cut, prefix: tail.toString('utf8') });
      expect(await readFile(path, 'utf8')).toBe(`${first}{"id":"c"}\n`);
    }
  });

  test('completes a last line that lacks its newline alone', async () => {
    await writeFile(path, first + line);
    const { torn } = await appendTo(path, { id: 'c' });
    expect(torn).toBeNull();
    expect(await readFile(path, 'utf8')).toBe(`${first}${line}\n{"id":"c"}\n`);
  });

  test.each(['12', '\0\0\0\0', '  ', '"abc'])('cuts off the tail %j', async (tail) => {
    await writeFile(path, first + tail);
    expect((await appendTo(path)).torn).toEqual({ bytes: tail.length, prefix: tail });
    expect(await readFile(path, 'utf8')).toBe(first);
  });

  test('finds the start of a torn line of several blocks', async () => {
    const tail = `{"text":"${'x'.repeat(300_000)}`;
    await writeFile(path, first + tail);
    const { torn } = await appendTo(path, 1);
    expect(torn?.bytes).toBe(tail.length);
    expect(torn?.prefix).toHaveLength(200);
    expect(await readFile(path, 'utf8')).toBe(`${first}1\n`);
  });

  test('names the file that cannot be opened and keeps the cause', async () => {
    const missing = join(folder, 'none', 'rows.jsonl');
    const error: unknown = await JsonlAppender.open(missing).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      message: `cannot open ${missing} for appending`,
      cause: { code: 'ENOENT' },
    });
  });
});

test('a full disk rejects what was pending and leaves whole lines only', async () => {
  const child = join(import.meta.dirname, 'fixtures', 'append-until-full.ts');
  const command = 'ulimit -f 300; trap "" XFSZ; exec "$0" --import tsx "$@"';
  const { stdout, stderr } = spawnSync('bash', ['-c', command, process.execPath, child, path], {
    encoding: 'utf8',
    env: { ...process.env, TSX_DISABLE_CACHE: '1' },
  });
  expect(stderr).toBe('');
  const { written, errors, small } = JSON.parse(stdout);
  expect(written).toBe(30);
  expect(errors).toHaveLength(10);
  expect(errors[0]).toContain(`cannot write to ${path}\n  caused by: EFBIG`);
  const lines = (await readFile(path, 'utf8')).split('\n');
  expect(lines).toHaveLength(written + 2);
  expect(lines.at(-1)).toBe('');
  expect(JSON.parse(lines[written - 1] ?? '').index).toBe(written - 1);
  expect(small.length).toBe('{"small":true}'.length);
  expect(JSON.parse(lines[written] ?? '')).toEqual({ small: true });
});
