/**
 * From a request's key to the place of its line in a journal: open addressing over typed arrays, 20 bytes a slot, so
 * that the journal of a million requests is indexed in some 40 MB. Keys are told apart by their first 64 bits.
 */
export class JournalIndex {
  #mask: number;
  #size = 0;
  #high: Uint32Array;
  #low: Uint32Array;
  #offsets: Float64Array;
  #lengths: Uint32Array;

  constructor(slots = 1024) {
    this.#mask = slots - 1;
    this.#high = new Uint32Array(slots);
    this.#low = new Uint32Array(slots);
    this.#offsets = new Float64Array(slots);
    this.#lengths = new Uint32Array(slots);
  }

  get size(): number {
    return this.#size;
  }

  /** @param key at least 16 hexadecimal digits; a key set before gets the new place */
  set(key: string, offset: number, length: number): void {
    if ((this.#size + 1) * 10 > (this.#mask + 1) * 7) this.#grow();
    const slot = this.#slotOf(high(key), low(key));
    if (this.#lengths[slot] === 0) this.#size += 1;
    this.#put(slot, high(key), low(key), offset, length);
  }

  get(key: string): { offset: number; length: number } | undefined {
    const slot = this.#slotOf(high(key), low(key));
    const [offset, length] = [this.#offsets[slot], this.#lengths[slot]];
    return offset === undefined || length === undefined || length === 0
      ? undefined
      : { offset, length };
  }

  #put(slot: number, highBits: number, lowBits: number, offset: number, length: number): void {
    this.#high[slot] = highBits;
    this.#low[slot] = lowBits;
    this.#offsets[slot] = offset;
    this.#lengths[slot] = length;
  }

  /** The key's slot, or the free one where it belongs; a line's length is never 0, so 0 marks a free slot. */
  #slotOf(highBits: number, lowBits: number): number {
    let slot = lowBits & this.#mask;
    while (
      this.#lengths[slot] !== 0 &&
      (this.#high[slot] !== highBits || this.#low[slot] !== lowBits)
    ) {
      slot = (slot + 1) & this.#mask;
    }
    return slot;
  }

  #grow(): void {
    const [highs, lows, offsets, lengths] = [this.#high, this.#low, this.#offsets, this.#lengths];
    const slots = (this.#mask + 1) * 2;
    this.#mask = slots - 1;
    this.#high = new Uint32Array(slots);
    this.#low = new Uint32Array(slots);
    this.#offsets = new Float64Array(slots);
    this.#lengths = new Uint32Array(slots);
    for (let at = 0; at < lengths.length; at += 1) {
      const [h = 0, l = 0, offset = 0, length = 0] = [
        highs[at],
        lows[at],
        offsets[at],
        lengths[at],
      ];
      if (length > 0) this.#put(this.#slotOf(h, l), h, l, offset, length);
    }
  }
}

const high = (key: string): number => Number.parseInt(key.slice(0, 8), 16);
const low = (key: string): number => Number.parseInt(key.slice(8, 16), 16);
