import { UsageError } from '../../core/errors.ts';

export const MAX_LINE_BYTES = 50 * 1024 * 1024;
const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** One line without its end; `number` counts from 1. */
export interface Line {
  number: number;
  bytes: Uint8Array;
}

/**
 * Splits bytes at newlines, holding one line and one chunk at a time. A CR before the newline is cut off;
 * a last line without a newline counts. Throws a UsageError for a line above `maxBytes`; `name` is the
 * file's name for that message.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  maxBytes: number = MAX_LINE_BYTES,
): AsyncGenerator<Line> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let number = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      number += 1;
      checkLength(heldBytes + end - start, maxBytes, name, number);
      yield { number, bytes: finished(held, chunk.subarray(start, end)) };
      held = [];
      heldBytes = 0;
      start = end + 1;
    }
    if (start === chunk.length) continue;
    held.push(chunk.subarray(start));
    heldBytes += chunk.length - start;
    checkLength(heldBytes, maxBytes, name, number + 1);
  }
  if (heldBytes > 0) yield { number: number + 1, bytes: finished(held, new Uint8Array(0)) };
}

function checkLength(length: number, maxBytes: number, name: string, number: number): void {
  if (length <= maxBytes) return;
  throw new UsageError(
    `${name}, line ${number} is longer than ${Math.floor(maxBytes / 1024 / 1024)} MB, the most a line may have; ` +
      'is it JSONL with one object a line? A JSON array belongs into a file that ends in .json',
  );
}

function finished(held: Uint8Array[], last: Uint8Array): Uint8Array {
  const bytes = held.length === 0 ? last : Buffer.concat([...held, last]);
  return bytes.at(-1) === CARRIAGE_RETURN ? bytes.subarray(0, -1) : bytes;
}
