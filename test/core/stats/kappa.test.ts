import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cohenKappa } from '../../../core/stats/kappa.ts';

describe('Cohen’s kappa', () => {
  it('is what the textbook example says', () => {
    // 50 proposals, two readers: 20 both yes, 15 both no, 5 and 10 between them; chance agrees on half.
    const { kappa, agreement, n } = cohenKappa({
      bothYes: 20,
      bothNo: 15,
      onlyFirst: 5,
      onlySecond: 10,
    });
    expect(n).toBe(50);
    expect(agreement.share).toBeCloseTo(0.7, 12);
    expect(kappa).toBeCloseTo(0.4, 12);
  });

  it('has the interval of the large-sample formula', () => {
    const { kappa, low, high } = cohenKappa({
      bothYes: 200,
      bothNo: 150,
      onlyFirst: 50,
      onlySecond: 100,
    });
    // The delta method with numerical derivatives, worked outside of this project.
    const half = 0.0787115;
    expect(kappa).toBeCloseTo(0.4, 12);
    expect(low).toBeCloseTo(0.4 - half, 6);
    expect(high).toBeCloseTo(0.4 + half, 6);
  });

  it('is 1 where all agree, and nothing where chance alone would', () => {
    expect(cohenKappa({ bothYes: 7, bothNo: 5, onlyFirst: 0, onlySecond: 0 }).kappa).toBe(1);
    expect(cohenKappa({ bothYes: 9, bothNo: 0, onlyFirst: 0, onlySecond: 0 })).toMatchObject({
      kappa: null,
      low: null,
      agreement: { share: 1 },
    });
    expect(cohenKappa({ bothYes: 0, bothNo: 0, onlyFirst: 0, onlySecond: 0 }).kappa).toBeNull();
  });

  it('does not change when the raters or yes and no change places, and stays within its interval', () => {
    const cell = fc.integer({ min: 0, max: 500 });
    fc.assert(
      fc.property(cell, cell, cell, cell, (bothYes, bothNo, onlyFirst, onlySecond) => {
        const one = cohenKappa({ bothYes, bothNo, onlyFirst, onlySecond });
        const swapped = cohenKappa({
          bothYes: bothNo,
          bothNo: bothYes,
          onlyFirst: onlySecond,
          onlySecond: onlyFirst,
        });
        if (one.kappa === null || one.low === null || one.high === null) {
          expect(swapped.kappa).toBeNull();
          return;
        }
        expect(swapped.kappa).toBeCloseTo(one.kappa, 9);
        expect(swapped.high).toBeCloseTo(one.high, 9);
        expect(one.low).toBeLessThanOrEqual(one.kappa + 1e-12);
        expect(one.high).toBeGreaterThanOrEqual(one.kappa - 1e-12);
        expect(one.kappa).toBeGreaterThanOrEqual(-1 - 1e-12);
      }),
    );
  });
});
