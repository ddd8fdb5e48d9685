import { open } from 'node:fs/promises';
import { errorCode } from '../../core/errors.ts';

const BLOCK_BYTES = 1 << 18;

/** Counts the lines of a file that grows, reading each byte once. */
export class LineCount {
  readonly #path: string;
  #offset = 0;
  #lines = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Its lines by now; 0 where there is no such file yet. */
  async now(): Promise<number> {
    const handle = await open(this.#path).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    });
    if (handle === undefined) return 0;
    try {
      const block = Buffer.allocUnsafe(BLOCK_BYTES);
      for (;;) {
        const { bytesRead } = await handle.read(block, 0, block.length, this.#offset);
        if (bytesRead === 0) return this.#lines;
        this.#offset += bytesRead;
        for (
          let at = block.indexOf(10);
          at !== -1 && at < bytesRead;
          at = block.indexOf(10, at + 1)
        )
          this.#lines += 1;
      }
    } finally {
      await handle.close();
    }
  }
}
