import { isUtf8 } from 'node:buffer';
import { type FileHandle, open } from 'node:fs/promises';
import { errorCode, errorMessage, UsageError } from './errors.ts';

/** A line of a JSONL file: its value, its place in bytes (without the newline), its number from 1. */
export interface JsonlLine {
  value: unknown;
  offset: number;
  length: number;
  /** Counted from where reading began. */
  line: number;
}

/** A last line that has no newline and is no JSON: a writer was stopped in the middle of it. */
export interface TornLine {
  offset: number;
  bytes: number;
  line: number;
  /** Its first 200 characters. */
  prefix: string;
}

/** A line as bytes, its place in the file, and whether a newline ended it. */
interface RawLine {
  bytes: Buffer;
  offset: number;
  ended: boolean;
}

const BLOCK_BYTES = 256 * 1024;
const BOM = Buffer.from('\uFEFF');

/**
 * Reads a JSONL file line by line in constant memory, from a byte offset (the start of a line). Blank
 * lines, CRLF and a byte order mark are passed over. A line that is no JSON throws a UsageError with
 * the file and the line; a torn last line goes to `onTorn` where that is given.
 */
export async function* readJsonl(
  path: string,
  options: { from?: number; onTorn?: (torn: TornLine) => void } = {},
): AsyncGenerator<JsonlLine, void, undefined> {
  const from = options.from ?? 0;
  const handle = await openForReading(path);
  try {
    let line = 0;
    for await (const { bytes, offset, ended } of rawLines(handle, from)) {
      line += 1;
      if (isBlank(bytes)) continue;
      const parsed = parseLine(bytes);
      if (parsed.ok) {
        yield { value: parsed.value, offset, length: bytes.length, line };
      } else if (!ended && options.onTorn !== undefined) {
        options.onTorn({ offset, bytes: bytes.length, line, prefix: prefixOf(bytes) });
      } else {
        const where = from === 0 ? `line ${line}` : `the line at byte ${offset}`;
        throw new UsageError(
          `${path}: ${where} is not JSON (${parsed.problem}): ${prefixOf(bytes)}`,
        );
      }
    }
  } finally {
    await handle.close();
  }
}

/** Reads single lines of a JSONL file by their places, over one open handle. */
export class JsonlReader {
  readonly path: string;
  readonly #handle: FileHandle;

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  /** Throws a UsageError when the file cannot be opened. */
  static async open(path: string): Promise<JsonlReader> {
    return new JsonlReader(path, await openForReading(path));
  }

  /** The value of the line at a place that an append or readJsonl gave. */
  async valueAt(offset: number, length: number): Promise<unknown> {
    const bytes = Buffer.allocUnsafe(length);
    const { bytesRead } = await this.#handle.read(bytes, 0, length, offset);
    const parsed = parseLine(bytes.subarray(0, bytesRead));
    if (bytesRead === length && parsed.ok) return parsed.value;
    throw new UsageError(
      `${this.path} holds no line of ${length} bytes at byte ${offset}: was it changed since it was indexed?`,
    );
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

async function openForReading(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    const reason = errorCode(cause) === 'ENOENT' ? 'there is no such file' : errorMessage(cause);
    throw new UsageError(`cannot read ${path}: ${reason}`, { cause });
  }
}

/**
 * The lines of a file from a byte offset, blank ones too, without newline, CR or byte order mark. One block serves for
 * the whole file, so that gigabytes leave no garbage of their size: a line's bytes are valid until the next step only.
 */
export async function* rawLines(handle: FileHandle, from: number): AsyncGenerator<RawLine> {
  const block = Buffer.allocUnsafe(BLOCK_BYTES);
  let started: Buffer[] = [];
  let offset = from;
  for (let position = from; ; ) {
    const { bytesRead } = await handle.read(block, 0, block.length, position);
    if (bytesRead === 0) break;
    let start = 0;
    if (position === 0 && block.subarray(0, bytesRead).indexOf(BOM) === 0)
      start = offset = BOM.length;
    position += bytesRead;
    for (
      let end = newlineIn(block, start, bytesRead);
      end >= 0;
      end = newlineIn(block, start, bytesRead)
    ) {
      const bytes = joined(started, block.subarray(start, end));
      yield { bytes: withoutReturn(bytes), offset, ended: true };
      offset += bytes.length + 1;
      started = [];
      start = end + 1;
    }
    // The block is read into again, so what a line began with is copied.
    if (start < bytesRead) started.push(Buffer.from(block.subarray(start, bytesRead)));
  }
  if (started.length > 0)
    yield { bytes: withoutReturn(Buffer.concat(started)), offset, ended: false };
}

function newlineIn(block: Buffer, start: number, end: number): number {
  const at = block.indexOf(10, start);
  return at < end ? at : -1;
}

function joined(started: Buffer[], end: Buffer): Buffer {
  return started.length === 0 ? end : Buffer.concat([...started, end]);
}

function withoutReturn(bytes: Buffer): Buffer {
  return bytes.at(-1) === 13 ? bytes.subarray(0, -1) : bytes;
}

function isBlank(bytes: Buffer): boolean {
  return bytes.length < 64 && bytes.toString('latin1').trim() === '';
}

function parseLine(bytes: Buffer): { ok: true; value: unknown } | { ok: false; problem: string } {
  if (!isUtf8(bytes)) return { ok: false, problem: 'its bytes are not UTF-8' };
  try {
    return { ok: true, value: JSON.parse(bytes.toString('utf8')) };
  } catch (error) {
    return { ok: false, problem: errorMessage(error) };
  }
}

function prefixOf(bytes: Buffer): string {
  return bytes.toString('utf8', 0, 800).slice(0, 200);
}
