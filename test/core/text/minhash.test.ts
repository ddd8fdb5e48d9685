import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimatedJaccard, minhash, type Signature } from '../../../core/text/minhash.ts';
import { ngramHashes } from '../../../core/text/shingles.ts';
import { bandsFor, SimilarityIndex } from '../../../core/text/similarity-index.ts';

const K = 128;

/** Two sets with so many members in common and of their own. */
function pair(
  common: number,
  own: number,
  seed: number,
): { a: Signature; b: Signature; jaccard: number } {
  const names = (count: number, prefix: string): string[] =>
    Array.from({ length: count }, (_, index) => `${prefix} ${seed} ${index}`);
  const shared = names(common, 'both');
  const signature = (all: string[]): Signature => minhash(ngramHashes(all, 1), K);
  return {
    a: signature([...shared, ...names(own, 'left')]),
    b: signature([...names(own, 'right'), ...shared]),
    jaccard: common / (common + 2 * own),
  };
}

const sets = fc.record({
  common: fc.integer({ min: 0, max: 300 }),
  own: fc.integer({ min: 1, max: 150 }),
  seed: fc.nat(),
});

describe('minhash', () => {
  it('estimates the Jaccard similarity within five standard errors', () => {
    fc.assert(
      fc.property(sets, ({ common, own, seed }) => {
        const { a, b, jaccard } = pair(common, own, seed);
        const error = Math.sqrt((jaccard * (1 - jaccard)) / K);
        expect(Math.abs(estimatedJaccard(a, b) - jaccard)).toBeLessThan(5 * error + 0.02);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it.each([0.2, 0.5, 0.8])('has no bias at %d', (jaccard) => {
    const own = 50;
    const common = Math.round((2 * own * jaccard) / (1 - jaccard));
    const estimates = Array.from({ length: 300 }, (_, seed) => pair(common, own, seed));
    const mean =
      estimates.reduce((sum, { a, b }) => sum + estimatedJaccard(a, b), 0) / estimates.length;
    expect(mean).toBeCloseTo(estimates[0]?.jaccard ?? 0, 1);
    expect(Math.abs(mean - (estimates[0]?.jaccard ?? 0))).toBeLessThan(0.012);
  });

  it('sees no order and no repetition', () => {
    const once = minhash(ngramHashes(['a', 'b', 'c'], 1), K);
    expect(minhash(ngramHashes(['c', 'a', 'b', 'a', 'c'], 1), K)).toEqual(once);
  });

  it('takes two empty sets as alike, and an empty one as unlike any other', () => {
    const empty = minhash(new Float64Array(), K);
    expect(estimatedJaccard(empty, empty)).toBe(1);
    expect(estimatedJaccard(empty, minhash(ngramHashes(['a', 'b'], 1), K))).toBeLessThan(0.05);
  });

  it('does not compare signatures of different lengths', () => {
    const hashes = ngramHashes(['a'], 1);
    expect(() => estimatedJaccard(minhash(hashes, 16), minhash(hashes, 32))).toThrow(RangeError);
  });
});

/** An index that holds all of these signatures. */
function indexOf(signatures: readonly Signature[], threshold: number): SimilarityIndex {
  const signatureOf = (item: number): Signature => signatures[item] ?? new Uint8Array(K);
  const capacity = signatures.length;
  const index = new SimilarityIndex({ permutations: K, threshold, capacity, signatureOf });
  for (const item of signatures.keys()) index.add(item);
  return index;
}

describe('SimilarityIndex', () => {
  it.each([
    [0.5, { bands: 42, rows: 3 }],
    [0.8, { bands: 21, rows: 6 }],
    [1, { bands: 1, rows: 128 }],
  ])('cuts 128 permutations for the threshold %d', (threshold, bands) => {
    expect(bandsFor(K, threshold)).toEqual(bands);
  });

  it.each([0.6, 0.8, 0.9])('finds 99% of the pairs whose signatures reach %d', (threshold) => {
    const pairs = Array.from({ length: 400 }, (_, seed) => {
      const jaccard = threshold + ((1 - threshold) * (seed % 10)) / 20;
      const common = 200;
      return pair(common, Math.round((common * (1 - jaccard)) / (2 * jaccard)), seed);
    });
    const index = indexOf(
      pairs.map(({ a }) => a),
      threshold,
    );
    const near = pairs.filter(({ a, b }) => estimatedJaccard(a, b) >= threshold);
    const found = near.filter(({ a, b }) =>
      index.near(b).some(({ item }) => item === pairs.findIndex((one) => one.a === a)),
    );
    expect(near.length).toBeGreaterThan(100);
    expect(found.length / near.length).toBeGreaterThanOrEqual(0.99);
  });

  it('gives nothing below the threshold, and the nearest first', () => {
    const words = Array.from({ length: 100 }, (_, index) => `w${index}`);
    const signature = (changed: number): Signature =>
      minhash(
        ngramHashes(
          words.map((word, index) => (index < changed ? `${word} changed` : word)),
          1,
        ),
        K,
      );
    const index = indexOf([5, 0, 60, 1].map(signature), 0.8);
    const near = index.near(signature(0));
    expect(near.map(({ item }) => item)).toEqual([1, 3, 0]);
    expect(near[0]?.similarity).toBe(1);
  });

  it('refuses an item beyond its capacity', () => {
    const index = indexOf([minhash(new Float64Array(), K)], 0.8);
    expect(() => index.add(1)).toThrow(RangeError);
  });
});
