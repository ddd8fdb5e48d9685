import { isUtf8 } from 'node:buffer';
import { UsageError } from '../../core/errors.ts';

/** The text of UTF-8 bytes, or null when they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  if (!isUtf8(bytes)) return null;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/**
 * All bytes of a stream in one piece. Throws a UsageError when there are more than `maxBytes`;
 * `remedy` ends its message.
 */
export async function readWhole(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  maxBytes: number,
  remedy: string,
): Promise<Uint8Array> {
  const held: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    held.push(chunk);
    length += chunk.length;
    if (length > maxBytes) {
      const megabytes = Math.floor(maxBytes / 1024 / 1024);
      throw new UsageError(`${name} is larger than ${megabytes} MB; ${remedy}`);
    }
  }
  return Buffer.concat(held);
}
