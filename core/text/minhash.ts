/** A set's MinHash signature: one byte a permutation. */
export type Signature = Uint8Array;

/**
 * The signature of a set of hashes (whole numbers below 2^53, as core/text/shingles.ts gives them; repeated
 * ones count once). The same set and number of permutations give the same signature on every machine.
 * Of each permutation 8 bits are kept: two different least values look alike once in 256, which the estimate
 * takes into account.
 * Source: Broder, On the resemblance and containment of documents (1997); Li and Koenig, b-bit minwise hashing (2010).
 */
export function minhash(hashes: Float64Array, permutations: number): Signature {
  const folded = Int32Array.from(hashes, (hash) => hash | 0);
  return Uint8Array.from(seedsOf(permutations), (seed) => unitOf(leastOf(folded, seed)));
}

/**
 * Estimates the Jaccard similarity (0 to 1) of the sets behind two signatures of the same number k of
 * permutations. For a true similarity J the standard error is sqrt(J (1 - J) / k): 0.035 at 0.8 with 128.
 * Two empty sets are alike.
 * @throws RangeError when the signatures differ in length
 */
export function estimatedJaccard(a: Signature, b: Signature): number {
  if (a.length !== b.length)
    throw new RangeError(`signatures of ${a.length} and ${b.length} permutations`);
  let equal = 0;
  for (let index = 0; index < a.length; index += 1) if (a[index] === b[index]) equal += 1;
  if (a.length === 0) return 1;
  // Of the permutations whose least values differ, one in 256 looks equal.
  return Math.max(0, (equal / a.length - ALIKE_BY_CHANCE) / (1 - ALIKE_BY_CHANCE));
}

const ALIKE_BY_CHANCE = 1 / 256;

/** The least of the hashes as one permutation has them. */
function leastOf(hashes: Int32Array, seed: number): number {
  let least = 0x7fffffff;
  for (let index = 0; index < hashes.length; index += 1) {
    let value = Math.imul((hashes[index] ?? 0) ^ seed, 0x9e3779b1);
    value = Math.imul(value ^ (value >>> 15), 0x85ebca77);
    value ^= value >>> 13;
    if (value < least) least = value;
  }
  return least;
}

/** Least values have their high bits in common: the low byte is what differs, with the others mixed in. */
function unitOf(least: number): number {
  return (least ^ (least >>> 8) ^ (least >>> 16) ^ (least >>> 24)) & 0xff;
}

const knownSeeds = new Map<number, Int32Array>();

/** A fixed sequence of 32-bit numbers (Weyl steps, mixed). */
function seedsOf(permutations: number): Int32Array {
  const known = knownSeeds.get(permutations);
  if (known !== undefined) return known;
  const seeds = Int32Array.from({ length: permutations }, (_, index) => {
    let value = Math.imul(index + 1, 0x6d2b79f5);
    value = Math.imul(value ^ (value >>> 15), value | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return value ^ (value >>> 14);
  });
  knownSeeds.set(permutations, seeds);
  return seeds;
}
