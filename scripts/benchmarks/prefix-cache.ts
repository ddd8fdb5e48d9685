import { createHash } from 'node:crypto';

/**
 * Counts how much of a prompt was there before, as a server with a prefix cache does (vLLM's hash chain): a prompt is
 * cut into blocks, a block's name is the hash of its content and the name of the block before it, and a prompt finds in
 * the cache as many blocks from its start as are known by name. The block used longest ago makes room.
 */
export class PrefixCache {
  readonly #blockSize: number;
  readonly #most: number;
  readonly #blocks = new Set<string>();

  /** @param most blocks that it holds */
  constructor(blockSize: number, most = Number.POSITIVE_INFINITY) {
    this.#blockSize = blockSize;
    this.#most = most;
  }

  /** Takes a prompt in and says how many of its units were known; the last unit is always computed anew. */
  take(prompt: ArrayLike<number>): number {
    const whole = Math.floor(prompt.length / this.#blockSize);
    const mayBeKnown = Math.floor(Math.max(0, prompt.length - 1) / this.#blockSize);
    let known = 0;
    let name = '';
    for (let block = 0; block < whole; block += 1) {
      name = this.#nameOf(prompt, block, name);
      if (block === known && block < mayBeKnown && this.#blocks.has(name)) known += 1;
      // Set anew, it is the latest used.
      this.#blocks.delete(name);
      this.#blocks.add(name);
    }
    this.#makeRoom();
    return known * this.#blockSize;
  }

  #nameOf(prompt: ArrayLike<number>, block: number, before: string): string {
    const units = Array.from(
      { length: this.#blockSize },
      (_, at) => prompt[block * this.#blockSize + at],
    );
    return createHash('sha1')
      .update(`${before}:${units.join(',')}`)
      .digest('base64');
  }

  #makeRoom(): void {
    for (const name of this.#blocks) {
      if (this.#blocks.size <= this.#most) return;
      this.#blocks.delete(name);
    }
  }
}
