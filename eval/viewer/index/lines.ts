import { open } from 'node:fs/promises';

/** A line of a file by its bytes (without the newline); valid until the next one is asked for. */
export interface FileLine {
  bytes: Buffer;
  offset: number;
  /** Whether a newline followed: without one the line may still be under way. */
  ended: boolean;
}

/** Requests are answered between two blocks: a block's rows take a few milliseconds. */
const BLOCK_BYTES = 256 * 1024;
const NEWLINE = 10;

/** The lines of a file from a byte on, in constant memory beside the longest; blank ones are passed over. */
export async function* fileLines(path: string, from: number): AsyncGenerator<FileLine, void> {
  const handle = await open(path, 'r');
  try {
    const block = Buffer.allocUnsafe(BLOCK_BYTES);
    let begun: Buffer[] = [];
    let offset = from;
    for (let position = from; ; ) {
      const { bytesRead } = await handle.read(block, 0, block.length, position);
      if (bytesRead === 0) break;
      position += bytesRead;
      const read = block.subarray(0, bytesRead);
      let start = 0;
      for (let end = read.indexOf(NEWLINE); end >= 0; end = read.indexOf(NEWLINE, start)) {
        const rest = read.subarray(start, end);
        const bytes = begun.length === 0 ? rest : Buffer.concat([...begun, rest]);
        if (!isBlank(bytes)) yield { bytes, offset, ended: true };
        offset += bytes.length + 1;
        begun = [];
        start = end + 1;
      }
      // The block is read into again, so what a line began with is copied.
      if (start < bytesRead) begun.push(Buffer.from(read.subarray(start)));
    }
    const last = Buffer.concat(begun);
    if (!isBlank(last)) yield { bytes: last, offset, ended: false };
  } finally {
    await handle.close();
  }
}

function isBlank(bytes: Buffer): boolean {
  return bytes.length < 64 && bytes.toString('latin1').trim() === '';
}
