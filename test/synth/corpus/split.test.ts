import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateTokens } from '../../../core/text/tokens.ts';
import { cleanText } from '../../../synth/corpus/clean.ts';
import { splitText } from '../../../synth/corpus/split.ts';

const split = (text: string, minTokens: number, maxTokens: number) =>
  splitText(text, { minTokens, maxTokens, count: estimateTokens });
/** A sentence of exactly so many tokens. */
const sentence = (tokens: number) => `S${'abc '.repeat(tokens).slice(0, tokens * 4 - 3)}o.`;
const bare = (text: string) => text.replace(/\s+/g, '');

describe('splitText', () => {
  it('cuts at paragraphs, verbatim', () => {
    const paragraphs = [sentence(40), sentence(40), sentence(40), sentence(40)];
    const { parts } = split(paragraphs.join('\n\n'), 10, 100);
    expect(parts).toEqual([paragraphs.slice(0, 2).join('\n\n'), paragraphs.slice(2).join('\n\n')]);
  });

  it.each(['# Safety', 'Safety', 'Safety\n======', 'What is it?'])(
    'keeps the heading %j with what follows',
    (heading) => {
      const text = [sentence(80), heading, sentence(60), sentence(20)].join('\n\n');
      expect(split(text, 10, 100).parts[1]).toBe(
        [heading, sentence(60), sentence(20)].join('\n\n'),
      );
    },
  );

  it('keeps a list with its lead-in and its heading', () => {
    const list = ['1. Open the lid of the case.', '2. Press the red button.', '3. Wait.'].join(
      '\n',
    );
    const section = ['Steps', 'To begin, do the following, in this order:', list].join('\n\n');
    const { parts } = split([sentence(70), section, sentence(60)].join('\n\n'), 10, 95);
    expect(parts[1]?.startsWith(section)).toBe(true);
  });

  it('keeps items that stand apart in one part', () => {
    const items = Array.from({ length: 6 }, (_, n) => `${n + 1}. ${sentence(10)}`).join('\n\n');
    const { parts } = split(`${sentence(60)}\n\nDo this:\n\n${items}`, 10, 100);
    expect(parts).toEqual([sentence(60), `Do this:\n\n${items}`]);
  });

  it('cuts a paragraph that is too long at the ends of its sentences', () => {
    const long = Array.from({ length: 12 }, () => sentence(20)).join(' ');
    const { parts } = split(long, 10, 90);
    expect(parts.length).toBe(3);
    expect(parts.every((part) => part.startsWith('S') && part.endsWith('.'))).toBe(true);
  });

  it('does not take e.g., initials or list numbers for ends of sentences', () => {
    const text =
      'Use a tool, e.g. a file by J. Smith, and mind rule No. 5 of Mr. Brown. Then stop. '.repeat(
        20,
      );
    for (const part of split(text.trim(), 5, 40).parts)
      expect(part).toMatch(/^(Use|Then).*(Brown|stop)\.$/);
  });

  it('cuts Chinese after its full stops', () => {
    const { parts } = split('打开设置，然后选择网络。'.repeat(30), 10, 50);
    expect(parts.every((part) => part.endsWith('。'))).toBe(true);
  });

  it('lets a last part that is too short join the one before, or take from it', () => {
    const joined = split([sentence(50), sentence(49), 'Short end.'].join('\n\n'), 20, 104).parts;
    expect(joined).toHaveLength(1);
    const shared = split(
      [sentence(30), sentence(30), sentence(35), sentence(10)].join('\n\n'),
      20,
      100,
    ).parts;
    expect(shared.map((part) => estimateTokens(part) >= 20)).toEqual([true, true]);
    expect(bare(shared.join(''))).toBe(
      bare([sentence(30), sentence(30), sentence(35), sentence(10)].join('')),
    );
  });

  it('keeps every part within its limits and loses nothing', () => {
    const word = fc.constantFrom(
      'open',
      'the',
      'lid.',
      'Press',
      '打开。',
      '1.',
      '# H',
      '- a',
      'x'.repeat(90),
      '😀😀',
      'e.g.',
      'Note:',
    );
    const space = fc.constantFrom(' ', ' ', ' ', '\n', '\n\n', '\n\n\n', '\n\n  ');
    const words = fc.array(fc.tuple(word, space), { minLength: 60, maxLength: 400 });
    fc.assert(
      fc.property(
        words,
        fc.integer({ min: 0, max: 15 }),
        fc.integer({ min: 40, max: 120 }),
        (tokens, min, max) => {
          const text = cleanText(tokens.flat().join(''));
          const { parts, tooShort } = split(text, min, max);
          for (const part of parts) {
            expect(estimateTokens(part)).toBeGreaterThanOrEqual(min);
            expect(estimateTokens(part)).toBeLessThanOrEqual(max);
            expect(text).toContain(part);
          }
          if (tooShort === 0) expect(bare(parts.join(''))).toBe(bare(text));
          expect(tooShort).toBeLessThanOrEqual(estimateTokens(text) < min ? 1 : 0);
        },
      ),
    );
  });

  it('takes a long text without borders, and half a million sentences', () => {
    expect(bare(split('x'.repeat(200_000), 50, 500).parts.join(''))).toHaveLength(200_000);
    expect(split('Press it. '.repeat(300_000).trim(), 50, 500).tooShort).toBe(0);
  });
});
