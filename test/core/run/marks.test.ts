import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../core/errors.ts';
import { appendMark, type Mark, readMarks } from '../../../core/run/marks.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';

const mark = (id: string, verdict: Mark['verdict'], comment = ''): Mark => ({
  id,
  verdict,
  comment,
  at: '2026-03-01T08:00:00.000Z',
});

describe('marks', () => {
  it('are read back, the last word on a row holding, and taken back by an empty one', async () => {
    const path = join(await temporaryFolder(), 'marks.jsonl');
    expect(await readMarks(path)).toEqual(new Map());
    await appendMark(path, mark('a', 'accept'));
    await appendMark(path, mark('b', 'reject', 'wrong\u2028berth'));
    await appendMark(path, mark('a', 'reject'));
    await appendMark(path, mark('c', null, 'look again'));
    await appendMark(path, mark('b', null));
    expect([...(await readMarks(path)).values()]).toEqual([
      mark('a', 'reject'),
      mark('c', null, 'look again'),
    ]);
    expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(6);
  });

  it('survive a line that was cut off, and name one that is no mark', async () => {
    const path = join(await temporaryFolder(), 'marks.jsonl');
    await appendMark(path, mark('a', 'accept'));
    await appendFile(path, '{"id":"b","verd');
    expect([...(await readMarks(path)).keys()]).toEqual(['a']);
    await appendMark(path, mark('c', 'reject'));
    expect([...(await readMarks(path)).keys()]).toEqual(['a', 'c']);
    await writeFile(path, '{"id":"a","verdict":"maybe","comment":"","at":""}\n');
    await expect(readMarks(path)).rejects.toThrow(/marks\.jsonl, line 1: verdict/);
  });

  it('that cannot be kept are an error that says what to do', async () => {
    const path = join(await temporaryFolder(), 'nowhere', 'marks.jsonl');
    await expect(appendMark(path, mark('a', 'accept'))).rejects.toThrow(UsageError);
  });
});
