import { open } from 'node:fs/promises';
import { z } from 'zod';
import { errorCode, UsageError } from '../errors.ts';
import { JournalHead, type JournalLine } from './journal-line.ts';

const BLOCK_BYTES = 1 << 20;
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
  let number = 0;
  for await (const { bytes, offset } of lines(path)) {
    number += 1;
    yield { line: parseHead(bytes, path, number), offset, length: bytes.length };
  }
}

/** Whole lines as bytes, without their newline; the bytes are valid until the next step only. */
async function* lines(path: string): AsyncGenerator<{ bytes: Buffer; offset: number }> {
  const handle = await openIfThere(path);
  if (handle === undefined) return;
  try {
    // One block for the whole file: a journal of gigabytes is read without garbage of its size.
    const block = Buffer.allocUnsafe(BLOCK_BYTES);
    let begun: Buffer[] = [];
    let offset = 0;
    for (let position = 0; ; ) {
      const { bytesRead } = await handle.read(block, 0, BLOCK_BYTES, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      const read = block.subarray(0, bytesRead);
      let start = 0;
      for (let end = read.indexOf(10); end !== -1; end = read.indexOf(10, start)) {
        const rest = read.subarray(start, end);
        const bytes = begun.length === 0 ? rest : Buffer.concat([...begun, rest]);
        yield { bytes, offset };
        offset += bytes.length + 1;
        begun = [];
        start = end + 1;
      }
      // The block is read into again, so what a line began with is copied.
      if (start < bytesRead) begun.push(Buffer.from(read.subarray(start)));
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
