import type { Signature } from '../../core/text/minhash.ts';

const PARTS = ['passage', 'conversation', 'tools'] as const;
export type SignedPart = (typeof PARTS)[number];

/** Of the first slab, and of the largest. */
const [FEW_ROWS, MANY_ROWS] = [8, 1024];

/** The signatures of some rows in one piece of memory outside of V8's heap, three times `permutations` bytes a row. */
export class SignatureSlab {
  readonly #bytes: Uint8Array;
  readonly #permutations: number;

  constructor(rows: number, permutations: number) {
    this.#bytes = new Uint8Array(rows * PARTS.length * permutations);
    this.#permutations = permutations;
  }

  get rows(): number {
    return this.#bytes.length / PARTS.length / this.#permutations;
  }

  put(place: number, signatures: Record<SignedPart, Signature>): void {
    for (const part of PARTS) this.of(place, part).set(signatures[part]);
  }

  /** A view, so do not write to it. */
  of(place: number, part: SignedPart): Signature {
    const start = (place * PARTS.length + PARTS.indexOf(part)) * this.#permutations;
    return this.#bytes.subarray(start, start + this.#permutations);
  }
}

/** Keeps the signatures of rows; each is told its slab and its place there. */
export class SignatureStore {
  readonly #permutations: number;
  #slab: SignatureSlab;
  #place = 0;

  constructor(permutations: number) {
    this.#permutations = permutations;
    this.#slab = new SignatureSlab(FEW_ROWS, permutations);
  }

  add(signatures: Record<SignedPart, Signature>): { slab: SignatureSlab; place: number } {
    if (this.#place === this.#slab.rows) {
      this.#slab = new SignatureSlab(Math.min(MANY_ROWS, this.#place * 2), this.#permutations);
      this.#place = 0;
    }
    const [slab, place] = [this.#slab, this.#place++];
    slab.put(place, signatures);
    return { slab, place };
  }
}
