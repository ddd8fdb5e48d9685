import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layoutJson } from '../../../eval/viewer/detail/json-layout.ts';
import { cutPieces } from '../../../eval/viewer/detail/pieces.ts';
import { shownText } from '../../../eval/viewer/detail/shown-text.ts';

describe('JSON laid out', () => {
  it('has a line a member, and keeps numbers and repeated members as they are written', () => {
    const text = '{"n":12345678901234567890,"a":[1.0,{}],"a":"\\u6771\\n","odd key":[]}';
    expect(layoutJson(text)?.text).toBe(
      '{\n  "n": 12345678901234567890,\n  "a": [\n    1.0,\n    {}\n  ],\n  "a": "東\\n",\n  "odd key": []\n}',
    );
  });

  it('says the same as the text, and each value stands where its path says', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const json = JSON.stringify(value);
        const layout = layoutJson(json);
        if (layout === undefined) {
          expect(json).not.toMatch(/^[[{]/);
          return;
        }
        expect(JSON.parse(layout.text)).toEqual(JSON.parse(json));
        for (const { start, end } of layout.values) JSON.parse(layout.text.slice(start, end));
      }),
    );
    const layout = layoutJson('{"a":[{"b":true}],"c d":null}');
    const at = (path: string) => {
      const value = layout?.values.find((one) => one.path === path);
      return layout?.text.slice(value?.start, value?.end);
    };
    expect([at('a[0].b'), at('["c d"]'), at('a[0]')]).toEqual([
      'true',
      'null',
      '{\n      "b": true\n    }',
    ]);
  });

  it('is left alone where it is no JSON, very long or very deep', () => {
    for (const text of [
      '{"a":',
      'plain',
      `${'['.repeat(3000)}${']'.repeat(3000)}`,
      `["${'x'.repeat(60_000)}"]`,
    ])
      expect(layoutJson(text)).toBeUndefined();
  });
});

describe('pieces', () => {
  it('put together are the text, and each has what is told of it', () => {
    const span = fc.record({ start: fc.nat(40), end: fc.nat(40), source: fc.nat(5) });
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 30 }), fc.array(span), (text, spans) => {
        const pieces = cutPieces(text, spans);
        expect(pieces.map((piece) => piece.text).join('')).toBe(text);
        const marked = pieces
          .filter(({ sources }) => sources !== undefined)
          .map((piece) => piece.text.length);
        const covered = new Set(
          spans.flatMap(({ start, end }) =>
            Array.from(
              { length: Math.max(0, Math.min(end, text.length) - start) },
              (_, at) => start + at,
            ),
          ),
        );
        expect(marked.reduce((sum, length) => sum + length, 0)).toBe(covered.size);
      }),
    );
  });

  it('show what would act unseen', () => {
    expect(cutPieces('a\u0000b\u202ec', [{ start: 1, end: 3, finding: 0 }])).toEqual([
      { text: 'a' },
      { text: '␀b', findings: [0] },
      { text: '[U+202E]c' },
    ]);
  });
});

describe('a long text', () => {
  it('is cut, but never in the middle of a pair', () => {
    const shown = shownText(`${'x'.repeat(19_999)}🧭 and more`, [], []);
    expect(shown).toMatchObject({ rest: 19_999, length: 20_010 });
    expect(shown.pieces.at(-1)?.text.endsWith('x')).toBe(true);
  });
});
