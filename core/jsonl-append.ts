import { constants, type FileHandle, open, stat } from 'node:fs/promises';

/** Where a line stands in its file, in bytes; the length leaves the newline out. */
export interface LinePlace {
  offset: number;
  length: number;
}

/** What was cut off the end of a file: a line that was never written to its end. */
export interface TornTail {
  bytes: number;
  /** Its first 200 characters. */
  prefix: string;
}

interface Pending {
  bytes: Buffer;
  resolve: (place: LinePlace) => void;
  reject: (error: Error) => void;
}

// One writev takes at most IOV_MAX (1,024) buffers; the byte limit bounds what one failure rejects.
const GROUP_LINES = 1024;
const GROUP_BYTES = 16 * 1024 * 1024;
const BLOCK_BYTES = 64 * 1024;
const LOOK_EVERY_MS = 1000;

/**
 * Appends JSON lines to a file that it alone writes. Appends made while a write is under way share the
 * next one. A failed write leaves the file ending in a whole line. A file that is removed or replaced meanwhile is an
 * error within a second: what went on to be written would be lost with nobody told.
 */
export class JsonlAppender {
  readonly path: string;
  readonly #handle: FileHandle;
  #end: number;
  #queue: Pending[] = [];
  #writing: Promise<void> | undefined;
  #closed = false;
  #broken: Error | undefined;
  #lookedAt = performance.now();

  private constructor(path: string, handle: FileHandle, end: number) {
    this.path = path;
    this.#handle = handle;
    this.#end = end;
  }

  /**
   * Opens a file for appending and creates it where there is none. A last line without its newline gets
   * it when the line is whole, and is cut off and given back as `torn` when it is not.
   */
  static async open(path: string): Promise<{ appender: JsonlAppender; torn: TornTail | null }> {
    try {
      const handle = await open(path, constants.O_RDWR | constants.O_CREAT);
      const { end, torn } = await recover(handle).catch(async (error: unknown) => {
        await handle.close();
        throw error;
      });
      return { appender: new JsonlAppender(path, handle, end), torn };
    } catch (cause) {
      throw new Error(`cannot open ${path} for appending`, { cause });
    }
  }

  /** The file's length in bytes, as far as it is written. */
  get size(): number {
    return this.#end;
  }

  /** Appends a value as one line; see appendLine. */
  async append(value: unknown): Promise<LinePlace> {
    const line: string | undefined = JSON.stringify(value);
    if (line === undefined) throw new TypeError(`no JSON: ${typeof value}`);
    return this.appendLine(line);
  }

  /**
   * Appends a line that is JSON already, without its newline. Resolves to its place when the kernel has
   * the bytes; rejects, naming the file, when the write fails, and then nothing of it is in the file.
   */
  async appendLine(line: string): Promise<LinePlace> {
    if (line.includes('\n')) throw new TypeError(`a line for ${this.path} holds a newline`);
    if (this.#closed) throw new Error(`${this.path} is closed`);
    if (this.#broken !== undefined) throw this.#broken;
    const place = new Promise<LinePlace>((resolve, reject) => {
      this.#queue.push({ bytes: Buffer.from(`${line}\n`), resolve, reject });
    });
    this.#writing ??= this.#writeQueue();
    return place;
  }

  /** Waits for what is being written and has the disk keep it; throws, naming the file, where it does not. */
  async flush(): Promise<void> {
    await this.#writing;
    try {
      await this.#requireInPlace();
      await this.#handle.sync();
    } catch (cause) {
      throw new Error(`cannot flush ${this.path} to disk`, { cause });
    }
  }

  /** Flushes and closes the file. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.flush().finally(() => this.#handle.close());
  }

  async #writeQueue(): Promise<void> {
    // Lets appends of the same tick join the first group.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      const group = this.#nextGroup();
      try {
        if (performance.now() - this.#lookedAt > LOOK_EVERY_MS) await this.#requireInPlace();
        await writeAll(this.#handle, group, this.#end);
      } catch (cause) {
        await this.#fail(group, cause);
        continue;
      }
      for (const { bytes, resolve } of group) {
        resolve({ offset: this.#end, length: bytes.length - 1 });
        this.#end += bytes.length;
      }
    }
    this.#writing = undefined;
  }

  async #requireInPlace(): Promise<void> {
    this.#lookedAt = performance.now();
    const [ours, named] = await Promise.all([
      this.#handle.stat(),
      stat(this.path).catch(() => undefined),
    ]);
    if (named !== undefined && named.ino === ours.ino && named.dev === ours.dev) return;
    throw new Error('the file was removed, moved or replaced while it was written to');
  }

  #nextGroup(): Pending[] {
    let lines = 0;
    for (let bytes = 0; lines < Math.min(this.#queue.length, GROUP_LINES); lines += 1) {
      bytes += this.#queue[lines]?.bytes.length ?? 0;
      if (bytes > GROUP_BYTES && lines > 0) break;
    }
    return this.#queue.splice(0, lines);
  }

  /** Takes back what a failed write left in the file and rejects all that is pending. */
  async #fail(group: Pending[], cause: unknown): Promise<void> {
    const error = new Error(`cannot write to ${this.path}`, { cause });
    try {
      await this.#handle.truncate(this.#end);
    } catch (truncation) {
      const causes = new AggregateError([cause, truncation], 'writing and taking it back failed');
      this.#broken = new Error(`cannot write to ${this.path}, which may end in a torn line`, {
        cause: causes,
      });
    }
    for (const { reject } of [...group, ...this.#queue.splice(0)]) reject(this.#broken ?? error);
  }
}

/** Writes every buffer at a position; a write may take fewer bytes than it was given (a full disk). */
async function writeAll(
  handle: FileHandle,
  group: readonly Pending[],
  position: number,
): Promise<void> {
  let rest = group.map(({ bytes }) => bytes);
  for (let at = position; rest.length > 0; ) {
    const { bytesWritten } = await handle.writev(rest, at);
    if (bytesWritten === 0) throw new Error('the system took no bytes');
    at += bytesWritten;
    rest = withoutFirst(rest, bytesWritten);
  }
}

function withoutFirst(buffers: Buffer[], bytes: number): Buffer[] {
  let skip = bytes;
  const first = buffers.findIndex((buffer) => {
    if (skip < buffer.length) return true;
    skip -= buffer.length;
    return false;
  });
  if (first < 0) return [];
  return buffers
    .slice(first)
    .map((buffer, index) => (index === 0 ? buffer.subarray(skip) : buffer));
}

async function recover(handle: FileHandle): Promise<{ end: number; torn: TornTail | null }> {
  const { size } = await handle.stat();
  const start = await lastLineStart(handle, size);
  if (start === size) return { end: size, torn: null };
  const tail = Buffer.alloc(size - start);
  const { bytesRead } = await handle.read(tail, 0, tail.length, start);
  if (bytesRead === tail.length && isWholeLine(tail)) {
    await handle.write('\n', size);
    return { end: size + 1, torn: null };
  }
  await handle.truncate(start);
  return {
    end: start,
    torn: { bytes: tail.length, prefix: tail.toString('utf8', 0, 800).slice(0, 200) },
  };
}

/** The offset after the last newline, searched from the end. */
async function lastLineStart(handle: FileHandle, size: number): Promise<number> {
  const block = Buffer.alloc(Math.min(BLOCK_BYTES, size));
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - block.length);
    const { bytesRead } = await handle.read(block, 0, end - start, start);
    const newline = block.lastIndexOf(10, bytesRead - 1);
    if (newline >= 0 && newline < bytesRead) return start + newline + 1;
    end = start;
  }
  return 0;
}

/** Whether bytes are a whole JSON value. A number is not known to be: 12 may be what is left of 123. */
function isWholeLine(bytes: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof value !== 'number';
  } catch {
    return false;
  }
}
