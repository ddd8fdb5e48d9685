import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../core/errors.ts';
import { findSources } from '../../../synth/corpus/inputs.ts';
import { fixture } from './read.ts';

const names = async (...inputs: string[]) =>
  (await findSources(inputs)).sources.map(({ path }) => path.slice(path.lastIndexOf('/') + 1));

describe('findSources', () => {
  it('goes by the order of inputs, then of paths, each file once', async () => {
    expect(await names(fixture('table.tsv'), fixture('folder'), fixture('folder/a.jsonl'))).toEqual(
      ['table.tsv', 'a.jsonl', 'b.md', 'c.txt', 'latin1.txt'],
    );
  });

  it('expands globs and leaves other kinds out, counted', async () => {
    expect(await names(fixture('folder/**/*.txt'))).toEqual(['c.txt', 'latin1.txt']);
    expect(await findSources([fixture('folder/*')])).toMatchObject({ leftOut: 1 });
  });

  it.each([
    ['corpus.TXT.GZ', 'text', 'gzip'],
    ['corpus.ndjson.zst', 'jsonl', 'zstd'],
    ['a.b.c.parquet', 'parquet', null],
  ])('tells %s by its ending', async (name, kind, compression) => {
    const folder = await mkdtemp(join(tmpdir(), 'endings-'));
    await (await import('node:fs/promises')).writeFile(join(folder, name), '');
    expect((await findSources([folder])).sources).toMatchObject([{ kind, compression }]);
    await rm(folder, { recursive: true });
  });

  it.each([
    [[], /no input was given/],
    [[fixture('nothing.jsonl')], /nothing\.jsonl does not exist \(looked from /],
    [[fixture('no*thing')], /matches no file.*\*\*/],
    [[fixture('other')], /other holds no corpus file \(it holds 1 files.*\.jsonl.*\.parquet/],
    [[fixture('other/*')], /matches 1 files, none of a known kind; known endings: \.txt/],
    [[fixture('other/notes.log')], /notes\.log has an ending that is not known.*\.csv/],
  ])('says what is wrong with %j', async (inputs, message) => {
    await expect(findSources(inputs)).rejects.toThrow(UsageError);
    await expect(findSources(inputs)).rejects.toThrow(message);
  });
});
