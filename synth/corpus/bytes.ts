import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { errorCode, errorMessage, UsageError } from '../../core/errors.ts';
import type { Source } from './inputs.ts';
import { unzstd } from './zstd.ts';

/**
 * A file's bytes, decompressed and without a byte order mark, as a stream that holds a few chunks at a time.
 * Gzip files of several members and zstd files of several frames are read to their end.
 * Throws a UsageError naming the file when it cannot be opened or decompressed.
 */
export async function* readBytes(source: Source): AsyncGenerator<Uint8Array> {
  const file = createReadStream(source.path, { highWaterMark: 256 * 1024 });
  try {
    yield* withoutMark(decompressed(source, file));
  } catch (error) {
    throw readingError(source, error);
  } finally {
    file.destroy();
  }
}

/** The same bytes without the UTF-8 byte order mark that some editors put first. */
export async function* withoutMark(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | null = new Uint8Array(0);
  for await (const chunk of bytes) {
    if (head === null) {
      yield chunk;
      continue;
    }
    head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
    if (head.length < 3) continue;
    yield startsWithMark(head) ? head.subarray(3) : head;
    head = null;
  }
  if (head !== null && head.length > 0) yield head;
}

function startsWithMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

function decompressed(source: Source, file: NodeJS.ReadableStream): AsyncIterable<Uint8Array> {
  // Both streams are in byte mode, whose chunks are Buffers; Node types them as string or Buffer.
  const raw = file as AsyncIterable<Uint8Array>;
  if (source.compression === 'zstd') return unzstd(raw, source.path);
  if (source.compression === null) return raw;
  // pipeline hands the file's errors on to gunzip, whose reader throws them: its callback has nothing left to do.
  return pipeline(
    file,
    createGunzip({ chunkSize: 256 * 1024 }),
    () => {},
  ) as AsyncIterable<Uint8Array>;
}

function readingError(source: Source, error: unknown): unknown {
  const code = errorCode(error);
  if (code === 'EACCES') return new UsageError(`${source.path} cannot be read: permission denied`);
  if (code === 'ENOENT') return new UsageError(`${source.path} is gone: it was there at the start`);
  const isData = source.compression === 'zstd' ? isZstdError(error) : code?.startsWith('Z_');
  if (source.compression === null || !isData) return error;
  return new UsageError(
    `${source.path} cannot be decompressed as ${source.compression} (${errorMessage(error)}); ` +
      'it is damaged, cut short or of another kind: fetch or make it again, or decompress it first',
  );
}

/** fzstd's own errors carry a number as code; on bytes it never checked it can also run out of an array. */
function isZstdError(error: unknown): boolean {
  return (
    error instanceof RangeError ||
    error instanceof TypeError ||
    (error instanceof Error && 'code' in error && typeof error.code === 'number')
  );
}
