import { estimatedJaccard, type Signature } from './minhash.ts';

/** A signature in the index that is near a given one, and the estimated Jaccard similarity. */
export interface Near {
  item: number;
  similarity: number;
}

/** How a signature is cut for locality-sensitive hashing: `bands` runs of `rows` permutations. */
export interface Bands {
  bands: number;
  rows: number;
}

/** The least share of pairs exactly at the threshold that an index must meet in one of its bands. */
const LEAST_RECALL = 0.99;

/** In a band: more cost time, fewer memory. */
const ITEMS_A_BUCKET = 4;

/**
 * The bands for a similarity threshold: of the cuts that find a pair at the threshold with a probability of at
 * least 0.99, the one with the longest bands, which has the fewest false candidates.
 * Source: Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, section 3.4.
 */
export function bandsFor(permutations: number, threshold: number): Bands {
  let best: Bands = { bands: permutations, rows: 1 };
  for (let rows = 2; rows <= permutations; rows += 1) {
    const bands = Math.floor(permutations / rows);
    if (1 - (1 - threshold ** rows) ** bands < LEAST_RECALL) break;
    best = { bands, rows };
  }
  return best;
}

/** What an index is made for. */
export interface SimilarityIndexOptions {
  permutations: number;
  threshold: number;
  /** Items are whole numbers from 0 below it. */
  capacity: number;
  /** The signature of an item that was added. */
  signatureOf: (item: number) => Signature;
}

/**
 * Finds the signatures near a given one among those added, by locality-sensitive hashing; every candidate is
 * verified by the estimate of its whole signature. Signatures are the caller's to keep; memory is 5 to 6 bytes a band
 * and item, some 110 to 130 an item at a threshold of 0.8 and 128 permutations.
 */
export class SimilarityIndex {
  readonly #threshold: number;
  readonly #cut: Bands;
  readonly #mask: number;
  /** By band and bucket: one more than the item that was added last. */
  readonly #heads: Uint32Array;
  /** By band and item: one more than the item that was added to the bucket before. */
  readonly #next: Uint32Array;
  /** By item: one more than the number of the look-up that saw it last. */
  readonly #seen: Uint32Array;
  readonly #capacity: number;
  readonly #signatureOf: (item: number) => Signature;
  #lookups = 0;

  constructor(options: SimilarityIndexOptions) {
    this.#threshold = options.threshold;
    this.#signatureOf = options.signatureOf;
    this.#capacity = Math.max(1, options.capacity);
    this.#cut = bandsFor(options.permutations, options.threshold);
    const buckets = 2 ** Math.ceil(Math.log2(this.#capacity / ITEMS_A_BUCKET + 1));
    this.#mask = buckets - 1;
    this.#heads = new Uint32Array(buckets * this.#cut.bands);
    this.#next = new Uint32Array(this.#capacity * this.#cut.bands);
    this.#seen = new Uint32Array(this.#capacity);
  }

  /** Adds an item once. @throws RangeError when it is not below the capacity */
  add(item: number): void {
    if (!(item >= 0 && item < this.#capacity))
      throw new RangeError(`item ${item} of an index for ${this.#capacity}`);
    const signature = this.#signatureOf(item);
    for (let band = 0; band < this.#cut.bands; band += 1) {
      const head = this.#headOf(band, signature);
      this.#next[band * this.#capacity + item] = this.#heads[head] ?? 0;
      this.#heads[head] = item + 1;
    }
  }

  /** The items whose estimated similarity reaches the threshold, the nearest first, then the smallest item. */
  near(signature: Signature): Near[] {
    this.#lookups += 1;
    const found: Near[] = [];
    for (let band = 0; band < this.#cut.bands; band += 1) {
      let link = this.#heads[this.#headOf(band, signature)] ?? 0;
      while (link !== 0) {
        const item = link - 1;
        if (this.#seen[item] !== this.#lookups) {
          this.#seen[item] = this.#lookups;
          const similarity = estimatedJaccard(signature, this.#signatureOf(item));
          if (similarity >= this.#threshold) found.push({ item, similarity });
        }
        link = this.#next[band * this.#capacity + item] ?? 0;
      }
    }
    return found.sort((a, b) => b.similarity - a.similarity || a.item - b.item);
  }

  #headOf(band: number, signature: Signature): number {
    const { rows } = this.#cut;
    let hash = band + 1;
    for (let index = band * rows; index < (band + 1) * rows; index += 1) {
      hash = Math.imul(hash ^ (signature[index] ?? 0), 0x85ebca6b);
      hash ^= hash >>> 13;
    }
    hash = Math.imul(hash, 0xc2b2ae35);
    return band * (this.#mask + 1) + ((hash ^ (hash >>> 16)) & this.#mask);
  }
}
