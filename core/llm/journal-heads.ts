import { open } from 'node:fs/promises';
import { z } from 'zod';
import { errorCode, UsageError } from '../errors.ts';
import { rawLines } from '../jsonl-read.ts';
import { JournalHead, type JournalLine } from './journal-line.ts';

const BODY = Buffer.from(',"request":');
const Mark = z.union([
  z.object({ sent: z.string(), reserved_usd: z.number() }),
  z.object({ lost: z.string(), spent_usd: z.number() }),
]);

/**
 * The heads of a journal's lines with their places, without parsing requests and responses: gigabytes in seconds.
 * A torn last line is left out; no file is no line.
 * @throws UsageError when a whole line is not a journal's
 */
export async function* scanHeads(
  path: string,
): AsyncGenerator<{ line: JournalLine; offset: number; length: number }> {
  const handle = await openIfThere(path);
  if (handle === undefined) return;
  try {
    let number = 0;
    for await (const { bytes, offset, ended } of rawLines(handle, 0)) {
      if (!ended) return;
      number += 1;
      yield { line: parseHead(bytes, path, number), offset, length: bytes.length };
    }
  } finally {
    await handle.close();
  }
}

async function openIfThere(path: string) {
  try {
    return await open(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function parseHead(bytes: Buffer, path: string, number: number): JournalLine {
  const body = bytes.indexOf(BODY);
  try {
    if (body === -1) return Mark.parse(JSON.parse(bytes.toString('utf8')));
    return JournalHead.parse(JSON.parse(`${bytes.toString('utf8', 0, body)}}`));
  } catch (cause) {
    const text = JSON.stringify(bytes.toString('utf8', 0, 60));
    throw new UsageError(
      `${path}, line ${number} is not a journal's line: ${text}; was the file changed by hand?`,
      { cause },
    );
  }
}
