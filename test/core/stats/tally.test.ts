import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Numbers } from '../../../core/stats/numbers.ts';
import { Reservoir, Tally } from '../../../core/stats/tally.ts';

function distributionOf(values: number[]) {
  const numbers = new Numbers();
  for (const value of values) numbers.add(value);
  return numbers.summary();
}

describe('a distribution', () => {
  it('has the quantiles of the sorted values', () => {
    const { p25, median, p75, mean } = distributionOf([4, 1, 3, 2]) ?? {};
    expect({ p25, median, p75, mean }).toEqual({ p25: 1.75, median: 2.5, p75: 3.25, mean: 2.5 });
    expect(distributionOf([])).toBeNull();
  });

  it('puts every value in the bin that covers it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 999 }), { minLength: 1, maxLength: 300 }),
        (values) => {
          const bins = distributionOf(values)?.histogram ?? [];
          expect(bins.length).toBeLessThanOrEqual(24);
          for (const { from, to, count } of bins) {
            expect(count).toBe(
              values.filter((value) => value >= from && (to === null || value < to)).length,
            );
          }
          expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(values.length);
        },
      ),
    );
  });

  it('is not flattened by one odd row', () => {
    const bins = distributionOf([
      ...Array.from({ length: 500 }, (_, index) => 10 + (index % 10)),
      100_000,
    ])?.histogram;
    expect(bins?.at(0)).toEqual({ from: 10, to: 11, count: 50 });
    expect(bins?.at(-1)).toEqual({ from: 20, to: null, count: 1 });
  });
});

describe('a reservoir', () => {
  it('keeps the same items in whatever order they come', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { maxLength: 60 }), (keys) => {
        const kept = (order: string[]) => {
          const reservoir = new Reservoir<string>(5);
          for (const key of order) reservoir.offer(key, () => key);
          return reservoir.items();
        };
        expect(kept(keys)).toHaveLength(Math.min(5, keys.length));
        expect(kept(keys.toReversed())).toEqual(kept(keys));
      }),
    );
  });
});

describe('a tally', () => {
  it('counts names beyond its limit together', () => {
    const tally = new Tally(2);
    for (const name of ['b', 'a', 'a', 'c', 'd']) tally.add(name);
    expect(tally.entries()).toEqual([
      { name: '(others)', count: 2 },
      { name: 'a', count: 2 },
      { name: 'b', count: 1 },
    ]);
  });
});
