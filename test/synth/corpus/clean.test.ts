import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText, foldText, isBinary } from '../../../synth/corpus/clean.ts';

describe('cleanText', () => {
  it.each([
    ['line ends', 'a\r\nb\rc\n', 'a\nb\nc'],
    ['trailing spaces', 'a  \nb\t\n\u00a0\nc', 'a\nb\n\nc'],
    ['runs of blank lines', 'a\n\n\n\nb\n\n\nc', 'a\n\nb\n\n\nc'],
    ['edges, but not the indentation', '\n\n  a\n\n', '  a'],
    ['control characters', 'a\u0007b\u001b[1m\tc\u0085', 'ab[1m\tc'],
    ['half a pair', 'a\ud83db', 'a\ufffdb'],
    ['nothing else', 'e\u0301 \ufb01 😀', 'e\u0301 \ufb01 😀'],
  ])('%s', (_what, text, cleaned) => {
    expect(cleanText(text)).toBe(cleaned);
  });

  it('done twice is done once, and keeps every visible character', () => {
    const unit = fc.constantFrom(
      'a',
      'é',
      '😀',
      ' ',
      '\t',
      '\n',
      '\r',
      '\u00a0',
      '\u0007',
      '\ud83d',
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 60 }), (text) => {
        const cleaned = cleanText(text);
        expect(cleanText(cleaned)).toBe(cleaned);
        const visible = (of: string) => of.replaceAll('\u0007', '').replace(/\s/g, '');
        expect(visible(cleaned)).toBe(visible(Buffer.from(text).toString()));
      }),
    );
  });
});

it('isBinary tells a NUL and a tenth of control or replacement characters', () => {
  expect(isBinary('text\0')).toBe(true);
  expect(isBinary('\u0001\u0002 abcdefgh')).toBe(true);
  expect(isBinary('\ufffd\ufffd abcdefgh')).toBe(true);
  expect(isBinary('A bell \u0007 in a text that is otherwise as it should be.\r\n\t')).toBe(false);
});

it('foldText sets case and whitespace aside', () => {
  expect(foldText(' Open\n\nthe  LID\t now ')).toBe('open the lid now');
});
