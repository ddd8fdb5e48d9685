import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseGraph } from '../../../synth/check/workflow/graph.ts';

const name = fc
  .stringMatching(/^[a-z]{1,6}(?:_[a-z]{1,6}){0,2}$/)
  .filter((one) => !/^(?:and|or)$/.test(one));
const groups = fc.uniqueArray(name, { minLength: 1, maxLength: 9 }).chain((names) =>
  fc.array(fc.nat(2), { minLength: names.length, maxLength: names.length }).map((cuts) => {
    const list: string[][] = [];
    names.forEach((one, index) => {
      const last = list.at(-1);
      if (last === undefined || cuts[index] === 0) list.push([one]);
      else last.push(one);
    });
    return list;
  }),
);

describe('graphs', () => {
  it('are read as they are written', () => {
    fc.assert(
      fc.property(groups, fc.constantFrom('->', ' -> ', ' → ', '=>', '-->'), (list, arrow) => {
        const text = list.map((group) => `(${group.join(', ')})`).join(arrow);
        expect(parseGraph(text)).toEqual({ groups: list });
      }),
    );
  });

  it.each([
    ['login -> search', [['login'], ['search']]],
    ['`(login)->[search, list]`', [['login'], ['search', 'list']]],
    ['(login)->(search)\n(search)->(book)', [['login'], ['search'], ['book']]],
    ['(login)\n-> (search | list)', [['login'], ['search', 'list']]],
    ['a->b; a->c', [['a'], ['b', 'c']]],
    ['(pay)', [['pay']]],
  ])('%j is read in its way', (text, list) => {
    expect(parseGraph(text)).toEqual({ groups: list });
  });

  it.each(['', '->', 'first log in', '(a)->()', '(a)->(b c)', 'x'.repeat(20_000)])(
    '%j is none',
    (text) => {
      expect(parseGraph(text)).toBeUndefined();
    },
  );

  it('are looked for in any text without an exception', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => void parseGraph(text)),
    );
  });
});
