/** The 8-grams that a row and an item of a benchmark share. */
export interface NgramMatch {
  /** Index of the item. */
  item: number;
  /** Which of the item's 8-grams. */
  positions: Set<number>;
  /** How many of them follow one another at most, in both. */
  longest: number;
  /** Where the longest such run ends: the text's index and its n-gram. */
  text: number;
  end: number;
}

/**
 * Finds the n-grams of many items in other texts. As the items' n-grams are kept in order, a run of six
 * equal 8-grams tells thirteen equal words: no second index is needed. About 30 bytes an n-gram.
 */
export class NgramIndex {
  readonly #hashes: Float64Array;
  readonly #itemOf: Int32Array;
  readonly #starts: Int32Array;
  /** The place before with the same hash, or -1. */
  readonly #same: Int32Array;
  readonly #slots: Int32Array;

  /** @param items the hashes of each item's n-grams, in its text's order */
  constructor(items: readonly Float64Array[]) {
    const total = items.reduce((sum, hashes) => sum + hashes.length, 0);
    this.#hashes = new Float64Array(total);
    this.#itemOf = new Int32Array(total);
    this.#starts = new Int32Array(items.length);
    this.#same = new Int32Array(total).fill(-1);
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(total * 2 + 2))).fill(-1);
    let place = 0;
    for (const [item, hashes] of items.entries()) {
      this.#starts[item] = place;
      for (const hash of hashes) {
        this.#put(hash, place, item);
        place += 1;
      }
    }
  }

  /** Bytes of the typed arrays. */
  get bytes(): number {
    const arrays = [this.#hashes, this.#itemOf, this.#starts, this.#same, this.#slots];
    return arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** What the texts of a row, given as the hashes of their n-grams, share with each item; no order. */
  match(texts: readonly Float64Array[]): NgramMatch[] {
    const matches = new Map<number, NgramMatch>();
    for (const [text, hashes] of texts.entries()) this.#matchText(hashes, text, matches);
    return [...matches.values()];
  }

  #matchText(hashes: Float64Array, text: number, matches: Map<number, NgramMatch>): void {
    // How many n-grams in a row ended at each place, one word before.
    let before = NO_RUNS;
    for (let end = 0; end < hashes.length; end += 1) {
      let place = this.#slots[this.#slotOf(hashes[end] ?? 0)] ?? -1;
      if (place < 0) {
        before = NO_RUNS;
        continue;
      }
      const runs = new Map<number, number>();
      for (; place >= 0; place = this.#same[place] ?? -1) {
        const item = this.#itemOf[place] ?? 0;
        const start = this.#starts[item] ?? 0;
        const run = place === start ? 1 : (before.get(place - 1) ?? 0) + 1;
        runs.set(place, run);
        note(matches, { item, position: place - start, run, text, end });
      }
      before = runs;
    }
  }

  #put(hash: number, place: number, item: number): void {
    const slot = this.#slotOf(hash);
    this.#hashes[place] = hash;
    this.#itemOf[place] = item;
    this.#same[place] = this.#slots[slot] ?? -1;
    this.#slots[slot] = place;
  }

  /** The slot of the hash, or the free one where it belongs. */
  #slotOf(hash: number): number {
    const mask = this.#slots.length - 1;
    // The low 32 bits of a hash below 2^53; they are evenly spread.
    let slot = (hash >>> 0) & mask;
    for (;;) {
      const place = this.#slots[slot] ?? -1;
      if (place < 0 || this.#hashes[place] === hash) return slot;
      slot = (slot + 1) & mask;
    }
  }
}

const NO_RUNS: ReadonlyMap<number, number> = new Map();

interface Found {
  item: number;
  position: number;
  run: number;
  text: number;
  end: number;
}

function note(matches: Map<number, NgramMatch>, found: Found): void {
  const { item, position, run, text, end } = found;
  const match = matches.get(item);
  if (match === undefined) {
    matches.set(item, { item, positions: new Set([position]), longest: run, text, end });
    return;
  }
  match.positions.add(position);
  if (run > match.longest) Object.assign(match, { longest: run, text, end });
}
