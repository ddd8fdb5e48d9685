import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateTokens } from '../../../core/text/tokens.ts';

describe('estimateTokens', () => {
  it.each([
    ['', 0],
    ['abcd', 1],
    ['abcde', 2],
    ['Größe ändern', 3],
    ['打开设置', 4],
    ['カメラ', 3],
    ['설정', 2],
    ['Привет', 3],
    ['😀', 1],
  ])('%j is about %i tokens', (text, tokens) => {
    expect(estimateTokens(text)).toBe(tokens);
  });

  it('is at most the sum and one for two texts with a blank line between', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        const sum = estimateTokens(a) + estimateTokens(b);
        expect(estimateTokens(`${a}\n\n${b}`)).toBeLessThanOrEqual(sum + 1);
      }),
    );
  });
});
