import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { followFile } from '../../../core/launch/follow-file.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';

it('a file is followed from before it is there until it is over', async () => {
  const path = join(await temporaryFolder(), 'later.log');
  const over = new AbortController();
  const lines: string[] = [];
  const following = (async () => {
    for await (const line of followFile(path, over.signal)) {
      lines.push(line);
      // Each next step waits until the one before was seen.
      if (line === 'one') await appendFile(path, 'wo\r 50%\r100%\nü');
      if (line === '100%') over.abort();
    }
  })();
  await writeFile(path, 'one\nt');
  await following;
  expect(lines).toEqual(['one', 'two', ' 50%', '100%', 'ü']);
});

it('a file is followed from an offset', async () => {
  const path = join(await temporaryFolder(), 'old.log');
  await writeFile(path, 'old\nnew\n');
  const lines: string[] = [];
  for await (const line of followFile(path, AbortSignal.abort(), 4)) lines.push(line);
  expect(lines).toEqual(['new']);
});
