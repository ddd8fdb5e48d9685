import { type FileHandle, open } from 'node:fs/promises';

const BLOCK_BYTES = 1 << 20;
const NEWLINE = 10;

/** Counts the lines of a file that grows, reading each byte once; a file that is not there yet has none. */
export class LineCount {
  readonly #path: string;
  readonly #block = Buffer.alloc(BLOCK_BYTES);
  #handle: FileHandle | undefined;
  #position = 0;
  #lines = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** How many whole lines there are now. */
  async read(): Promise<number> {
    this.#handle ??= await open(this.#path).catch(() => undefined);
    if (this.#handle === undefined) return 0;
    for (;;) {
      const { bytesRead } = await this.#handle.read(this.#block, 0, BLOCK_BYTES, this.#position);
      if (bytesRead === 0) return this.#lines;
      this.#position += bytesRead;
      const read = this.#block.subarray(0, bytesRead);
      for (let at = read.indexOf(NEWLINE); at >= 0; at = read.indexOf(NEWLINE, at + 1))
        this.#lines += 1;
    }
  }

  async close(): Promise<void> {
    await this.#handle?.close();
  }
}
