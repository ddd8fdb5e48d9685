import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ngramHashes } from '../../../core/text/shingles.ts';
import { NgramIndex } from '../../../distill/decontaminate/ngram-index.ts';

// Few words, so that texts share runs of every length, repeat themselves, and items are alike.
const words = fc.array(fc.constantFrom('pay', 'the', 'bill', 'now'), { maxLength: 24 });
const N = 3;

describe('the n-gram index', () => {
  it('finds the same shared n-grams and longest runs as a comparison of all pairs', () => {
    fc.assert(
      fc.property(
        fc.array(words, { maxLength: 4 }),
        fc.array(words, { maxLength: 3 }),
        (items, texts) => {
          const index = new NgramIndex(items.map((item) => ngramHashes(item, N)));
          const found = index.match(texts.map((text) => ngramHashes(text, N)));
          for (const [number, item] of items.entries()) {
            const match = found.find((one) => one.item === number);
            expect([...(match?.positions ?? [])].sort((a, b) => a - b)).toEqual(
              sharedPositions(item, texts),
            );
            expect(match?.longest ?? 0).toBe(longestRun(item, texts));
            if (match === undefined) continue;
            const end = match.end + N;
            const run = texts[match.text]?.slice(end - match.longest - N + 1, end) ?? [];
            expect(` ${item.join(' ')} `).toContain(` ${run.join(' ')} `);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** Where an item's n-grams begin that stand in one of the texts. */
function sharedPositions(item: string[], texts: string[][]): number[] {
  const starts = Array.from({ length: Math.max(0, item.length - N + 1) }, (_, start) => start);
  return starts.filter((start) => texts.some((text) => holds(text, item.slice(start, start + N))));
}

/** Of an item's runs that stand in a text the longest, in n-grams. */
function longestRun(item: string[], texts: string[][]): number {
  let longest = 0;
  for (let start = 0; start < item.length; start += 1) {
    for (let end = start + N; end <= item.length; end += 1) {
      if (texts.some((text) => holds(text, item.slice(start, end))))
        longest = Math.max(longest, end - start - N + 1);
    }
  }
  return longest;
}

function holds(text: string[], run: string[]): boolean {
  return ` ${text.join(' ')} `.includes(` ${run.join(' ')} `);
}
