import { type FileHandle, open } from 'node:fs/promises';

const GATHERED_BYTES = 1 << 20;

/** Writes a new file from pieces, a megabyte at a time. */
export class ByteFile {
  readonly #handle: FileHandle;
  #gathered: Buffer[] = [];
  #waiting = 0;
  #size = 0;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  static async create(path: string): Promise<ByteFile> {
    return new ByteFile(await open(path, 'w'));
  }

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  async write(piece: Buffer): Promise<void> {
    this.#gathered.push(piece);
    this.#size += piece.length;
    this.#waiting += piece.length;
    if (this.#waiting >= GATHERED_BYTES) await this.#flush();
  }

  /** Writes the rest and has the disk keep it. */
  async close(): Promise<void> {
    try {
      await this.#flush();
      await this.#handle.sync();
    } finally {
      await this.#handle.close();
    }
  }

  async #flush(): Promise<void> {
    const whole = Buffer.concat(this.#gathered);
    this.#gathered = [];
    this.#waiting = 0;
    for (let at = 0; at < whole.length; ) {
      const { bytesWritten } = await this.#handle.write(whole, at);
      if (bytesWritten === 0) throw new Error('the system took no bytes');
      at += bytesWritten;
    }
  }
}

/** Reads parts of a file that is opened when it is first asked for. */
export class ByteSource {
  readonly path: string;
  #handle: FileHandle | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** @throws Error where the file ends before */
  async read(from: number, to: number): Promise<Buffer> {
    this.#handle ??= await open(this.path, 'r');
    const bytes = Buffer.allocUnsafe(to - from);
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await this.#handle.read(bytes, at, bytes.length - at, from + at);
      if (bytesRead === 0)
        throw new Error(`${this.path} ends before byte ${to}, where passages.jsonl has rows`);
      at += bytesRead;
    }
    return bytes;
  }

  async close(): Promise<void> {
    await this.#handle?.close();
  }
}
