import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../../core/errors.ts';
import { fixture, readAll } from './read.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'corpus-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function written(name: string, data: string | Uint8Array): Promise<string> {
  await writeFile(join(folder, name), data);
  return join(folder, name);
}

describe('tables', () => {
  it('CSV has quotes, line breaks and letters beyond ASCII', async () => {
    const { passages } = await readAll([fixture('table.csv')]);
    expect(passages).toMatchObject([
      { id: 'r1', title: 'Book a room', url: 'https://example.org/rooms' },
      { id: 'r2', title: 'Größe ändern', url: null },
    ]);
    expect(passages[0]?.text).toContain('"book" one for at most four hours.\nThe room');
    expect(passages[1]?.text).toContain('Größe wird unter');
  });

  it('TSV has tabs', async () => {
    const { passages } = await readAll([fixture('table.tsv')]);
    expect(passages).toMatchObject([{ title: 'Ship an order', text: /^Open the order/ }]);
  });

  it('a row that is not UTF-8 is left out, the others are not', async () => {
    const good = 'The row after it is good and long enough to be a passage.';
    const bytes = Buffer.from(
      `text\nThe caf\xe9 is closed on Mondays and open otherwise.\n${good}\n`,
      'latin1',
    );
    const { passages, report } = await readAll([await written('latin1.csv', bytes)]);
    expect(passages.map(({ text }) => text)).toEqual([good]);
    expect(report.skipped.binary).toBe(1);
  });

  it('a row with another number of columns is an error with its line', async () => {
    await expect(readAll([fixture('ragged.csv')])).rejects.toThrow(/ragged\.csv .*line 3.*quote/);
  });
});

describe('JSON', () => {
  it.each([
    ['array.json', ['A bare string', 'An object in']],
    ['rows.json', ['The first row', 'The second ro']],
    ['one.json', ['One object is']],
  ])('%s', async (name, starts) => {
    const { passages } = await readAll([fixture(name)]);
    expect(passages.map(({ text }) => text.slice(0, 13).trim())).toEqual(
      starts.map((s) => s.trim()),
    );
  });

  it('that is broken names the line', async () => {
    const reading = readAll([fixture('broken.jsonl')]);
    await expect(reading).rejects.toThrow(UsageError);
    await expect(readAll([fixture('broken.jsonl')])).rejects.toThrow(
      /broken\.jsonl, line 2 is not JSON: \{"text": "The second line.{50,60}\n/,
    );
    await expect(readAll([await written('half.json', '[{"text":')])).rejects.toThrow(
      /half\.json is not JSON/,
    );
  });
});

describe('Parquet', () => {
  it('written by pyarrow, in zstd, is read across row groups', async () => {
    const { passages } = await readAll([fixture('fineweb.parquet')], { preset: 'ultra-fineweb' });
    expect(passages.map(({ text }) => text)).toEqual(
      Array.from({ length: 30 }, (_, n) => expect.stringContaining(`Row ${n} of a crawl`)),
    );
  });

  it('without a text column lists the columns', async () => {
    await expect(readAll([fixture('fineweb.parquet')], { textField: 'text' })).rejects.toThrow(
      /no field text\. .*content, score, source/,
    );
  });
});

describe('compression', () => {
  const plain = () => readFile(fixture('folder/a.jsonl'));

  it('zstd of several frames, an empty one among them, gives what the plain file gives', async () => {
    const expected = await readAll([fixture('folder/a.jsonl')]);
    expect((await readAll([fixture('frames.jsonl.zst')])).passages).toEqual(expected.passages);
  });

  it('gzip of several members gives what the plain file gives', async () => {
    const lines = (await plain()).toString().split(/(?<=\n)/);
    const members = lines.map((line) => gzipSync(line));
    const path = await written('members.jsonl.gz', Buffer.concat(members));
    const expected = await readAll([fixture('folder/a.jsonl')]);
    expect((await readAll([path])).passages).toEqual(expected.passages);
  });

  it.each([
    ['csv', 'table.csv'],
    ['tsv', 'table.tsv'],
    ['json', 'array.json'],
    ['md', 'folder/b.md'],
  ])('%s in gzip', async (ending, name) => {
    const path = await written(`packed.${ending}.gz`, gzipSync(await readFile(fixture(name))));
    expect((await readAll([path])).passages).toEqual((await readAll([fixture(name)])).passages);
  });

  it('a file that is damaged, cut short or something else is named', async () => {
    const zstd = await readFile(fixture('frames.jsonl.zst'));
    const gzip = gzipSync(await plain());
    const bad: [string, Uint8Array][] = [
      ['cut.jsonl.zst', zstd.subarray(0, -20)],
      ['other.jsonl.zst', gzip],
      ['text.txt.zst', Buffer.from('this has never been compressed by anything')],
      ['cut.jsonl.gz', gzip.subarray(0, -20)],
      ['other.txt.gz', zstd],
    ];
    for (const [name, bytes] of bad) {
      const reading = readAll([await written(name, bytes)]);
      await expect(reading, name).rejects.toThrow(`${name} cannot be decompressed as`);
    }
  });

  it('zstd over a window that the decoder would get wrong is refused with the way out', async () => {
    await expect(readAll([fixture('long-window.txt.zst')])).rejects.toThrow(
      /window of 128 MB.*zstd -d --long=31/,
    );
  });
});

describe('the standard input', () => {
  it('is JSONL when it begins with a brace', async () => {
    const rows = [
      '{"id": "a", "text": "One row from a pipe, long enough to stay in the corpus."}',
      '"Another row, a bare string, which is as long as the first."',
    ];
    const { passages } = await readAll(['-'], {}, `\ufeff\n  ${rows.join('\r\n')}`);
    expect(passages).toMatchObject([{ id: 'a' }, { text: /^Another row/ }]);
  });

  it('is one text otherwise', async () => {
    const text = '# Pump\n\nTurn the pump off before you open the lid, and wait for the lamp.\n';
    const { passages } = await readAll(['-'], {}, text);
    expect(passages).toMatchObject([{ title: 'Pump', text: text.trim() }]);
  });

  it('may be empty', async () => {
    expect((await readAll(['-'], {}, '')).report).toMatchObject({
      read: 1,
      passages: 0,
      skipped: { empty: 1 },
    });
  });
});
