import { describe, expect, it } from 'vitest';
import {
  detectableDifference,
  type PairedInterval,
  type PairedSums,
  pairedBootstrap,
} from '../../../core/stats/bootstrap.ts';
import { randomSource } from '../../../core/stats/random.ts';

const SETTINGS = { replicates: 600, seed: 'test' };

/** Sums of which each unit is one trial of A and one of B. */
function trials(a: readonly number[], b: readonly number[]): PairedSums {
  const ones = Float64Array.from(a, () => 1);
  return {
    aNumerator: Float64Array.from(a),
    aDenominator: ones,
    bNumerator: Float64Array.from(b),
    bDenominator: ones,
  };
}

function one(sums: PairedSums, settings = SETTINGS): PairedInterval {
  const [interval] = pairedBootstrap([sums], settings);
  if (interval === undefined) throw new Error('one measure gives one interval');
  return interval;
}

/** How many of so many samples have the true difference in their interval. */
function covered(
  samples: number,
  truth: number,
  sample: (random: () => number) => PairedSums,
): number {
  const random = randomSource('coverage');
  let hits = 0;
  for (let index = 0; index < samples; index += 1) {
    const { low, high } = one(sample(random), { replicates: 400, seed: `${index}` });
    if (low !== null && high !== null && low <= truth && truth <= high) hits += 1;
  }
  return hits / samples;
}

const normal = (random: () => number) =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

describe('the paired bootstrap', () => {
  it('covers the true difference of two shares in about 95 of 100 samples', () => {
    // A passage is hard or easy for both, so that the two agree more than by chance.
    const share = covered(1500, 0.16, (random) => {
      const [a, b]: number[][] = [[], []];
      for (let unit = 0; unit < 60; unit += 1) {
        const ease = random() < 0.5 ? 0.2 : -0.2;
        a?.push(random() < 0.5 + ease ? 1 : 0);
        b?.push(random() < 0.66 + ease ? 1 : 0);
      }
      return trials(a ?? [], b ?? []);
    });
    expect(share).toBeGreaterThan(0.93);
    expect(share).toBeLessThan(0.98);
  });

  it('covers the true difference of two means of skewed lengths, also of few passages', () => {
    const share = covered(500, 5, (random) => {
      const a = Array.from({ length: 25 }, () => 20 * Math.exp(0.4 * normal(random)));
      const b = a.map((value) => value + 5 + 4 * normal(random));
      return trials(a, b);
    });
    expect(share).toBeGreaterThan(0.92);
    expect(share).toBeLessThan(0.98);
  });

  it('covers the true difference of two ratios whose denominators vary', () => {
    // Rows accepted per candidate: each passage gives one to three candidates.
    const share = covered(500, 0.1, (random) => {
      const made = Float64Array.from({ length: 80 }, () => Math.ceil(3 * random()));
      const accepted = (chance: number) =>
        made.map((candidates) => {
          let count = 0;
          for (let index = 0; index < candidates; index += 1) if (random() < chance) count += 1;
          return count;
        });
      const [aNumerator, bNumerator] = [accepted(0.5), accepted(0.6)];
      return { aNumerator, bNumerator, aDenominator: made, bDenominator: made };
    });
    expect(share).toBeGreaterThan(0.93);
    expect(share).toBeLessThan(0.98);
  });

  it('sees no difference between a method and itself, and no spread in it', () => {
    const values = Array.from({ length: 40 }, (_, index) => index % 3);
    const interval = one(trials(values, values));
    expect(interval).toMatchObject({ difference: 0, low: 0, high: 0, differing: 0, units: 40 });
  });

  it('is narrower by the pairing: what differs between passages alone does not count', () => {
    const random = randomSource('pairs');
    const a = Array.from({ length: 50 }, () => 100 * random());
    const b = a.map((value) => value + 1 + 0.1 * normal(random));
    const { low, high } = one(trials(a, b));
    expect(low).toBeGreaterThan(0.9);
    expect(high).toBeLessThan(1.1);
  });

  it('gives the same interval for the same seed, and another for another', () => {
    const sums = trials([1, 2, 3, 5, 8, 9, 4, 4, 2, 7], [2, 2, 4, 5, 9, 9, 3, 6, 1, 9]);
    expect(one(sums)).toEqual(one(sums));
    expect(one(sums, { ...SETTINGS, seed: 'other' })).not.toEqual(one(sums));
  });

  it('gives no interval of too few passages, and no difference where one side has nothing', () => {
    expect(one(trials([1, 0, 1], [0, 0, 1]))).toMatchObject({
      difference: expect.closeTo(-1 / 3),
      low: null,
      high: null,
    });
    const nothing = { ...trials([1, 0, 1], [0, 0, 0]), bDenominator: new Float64Array(3) };
    expect(one(nothing)).toMatchObject({ a: expect.closeTo(2 / 3), b: null, difference: null });
  });

  it('names the difference that a sample shows in 8 of 10 cases', () => {
    const random = randomSource('power');
    const found = Array.from({ length: 200 }, (_, index) => {
      const b = Array.from({ length: 100 }, () => detectableDifference(0.1) + normal(random));
      const { low } = one(trials(new Array(100).fill(0), b), {
        replicates: 400,
        seed: `${index}`,
      });
      return low !== null && low > 0;
    }).filter(Boolean).length;
    expect(found / 200).toBeGreaterThan(0.72);
    expect(found / 200).toBeLessThan(0.88);
  });
});
