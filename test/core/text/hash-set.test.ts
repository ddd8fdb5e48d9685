import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HashSet } from '../../../core/text/hash-set.ts';

const hex = fc
  .array(fc.constantFrom(...'0123456789abcdef'), { minLength: 16, maxLength: 16 })
  .map((digits) => digits.join(''));
const zeros = '0'.repeat(16);

describe('HashSet', () => {
  it('agrees with a Set of the first 16 digits', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(hex, fc.constant(zeros)), { maxLength: 400 }), (hashes) => {
        const set = new HashSet();
        const model = new Set<string>();
        for (const hash of hashes) {
          expect(set.has(hash)).toBe(model.has(hash));
          expect(set.add(`${hash}ffff`)).toBe(!model.has(hash));
          model.add(hash);
        }
        expect(set.size).toBe(model.size);
      }),
    );
  });

  it('keeps everything through its growth, at no more than 16 bytes an entry', () => {
    const set = new HashSet();
    const hashes = Array.from({ length: 60_000 }, (_, index) =>
      createHash('sha256').update(`${index}`).digest('hex'),
    );
    let most = 0;
    for (const hash of hashes) {
      expect(set.add(hash)).toBe(true);
      if (set.size >= 10_000) most = Math.max(most, set.bytes / set.size);
    }
    expect(most).toBeLessThanOrEqual(16);
    expect(hashes.every((hash) => set.has(hash) && !set.add(hash))).toBe(true);
  });

  it('refuses what is no hash', () => {
    expect(() => new HashSet().add('abc')).toThrow(/16 or more hexadecimal/);
    expect(() => new HashSet().has('z'.repeat(16))).toThrow(TypeError);
  });
});
