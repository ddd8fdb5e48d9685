import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ngramHashes, wordsOf } from '../../../core/text/shingles.ts';

describe('wordsOf', () => {
  it('folds case, width, punctuation and apostrophes', () => {
    expect(wordsOf('Don’t  panic — ＡＢＣ, naïve_name: 3.5!')).toEqual([
      "don't",
      'panic',
      'abc',
      'naïve',
      'name',
      '3',
      '5',
    ]);
  });

  it('takes scripts without spaces sign by sign', () => {
    expect(wordsOf('東京 tower')).toEqual(['東', '京', 'tower']);
  });

  it('has none in a text without letters and digits', () => {
    expect(wordsOf(' …—!? ')).toEqual([]);
  });
});

describe('ngramHashes', () => {
  const words = fc.array(fc.string({ minLength: 1, maxLength: 8 }), { maxLength: 60 });
  const run = fc.integer({ min: 1, max: 15 });

  it('gives one safe whole number for each run of words', () => {
    fc.assert(
      fc.property(words, run, (all, n) => {
        const hashes = ngramHashes(all, n);
        expect(hashes).toHaveLength(Math.max(0, all.length - n + 1));
        expect([...hashes].every((hash) => Number.isSafeInteger(hash) && hash >= 0)).toBe(true);
      }),
    );
  });

  it('hashes a run alike wherever it stands, and differently when its words or their order differ', () => {
    fc.assert(
      fc.property(words, run, (all, n) => {
        const hashes = ngramHashes(all, n);
        const byRun = new Map<string, number>();
        for (const [start, hash] of hashes.entries()) {
          const text = JSON.stringify(all.slice(start, start + n));
          expect(byRun.get(text) ?? hash).toBe(hash);
          expect(ngramHashes(all.slice(start, start + n), n)[0]).toBe(hash);
          byRun.set(text, hash);
        }
        expect(new Set(byRun.values()).size).toBe(byRun.size);
      }),
    );
  });

  it('stays what it is: files with hashes outlive a version', () => {
    expect([...ngramHashes(wordsOf('the quick brown fox'), 3)]).toEqual([
      8440528117505132, 2860823637151981,
    ]);
  });

  it('has no collision among a hundred thousand runs of a small vocabulary', () => {
    const many = Array.from({ length: 100_000 }, (_, index) => `w${index}`);
    expect(new Set(ngramHashes(many, 13)).size).toBe(many.length - 12);
  });

  it('refuses a run of no words', () => {
    expect(() => ngramHashes(['a'], 0)).toThrow(RangeError);
  });
});
