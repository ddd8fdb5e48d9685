import { describe, expect, it } from 'vitest';
import { randomSource } from '../../../core/stats/random.ts';
import { jackknife } from '../../../eval/compare/jackknife.ts';
import type { SampledRow } from '../../../eval/compare/row-sample.ts';
import { selfBleu } from '../../../eval/compare/self-bleu.ts';
import { type GroupedRow, SET_MEASURES } from '../../../eval/compare/set-measures.ts';

function row(words: string[], over: Partial<GroupedRow> = {}): GroupedRow {
  return {
    rank: 0,
    passage: 'p',
    id: 'r',
    group: 0,
    called: [],
    domains: [],
    task: null,
    ...over,
    words,
  };
}

function measured(name: string, rows: GroupedRow[], words = 1000) {
  const measure = SET_MEASURES.find((one) => one.name === name);
  if (measure === undefined) throw new Error(`no measure ${name}`);
  return measure.estimates(rows, { words });
}

describe('sets of rows', () => {
  it('have as many different runs of words as they have', () => {
    const rows = [row(['a', 'b', 'a', 'b']), row(['a', 'b', 'c'], { group: 1 })];
    // ab, ba, ab and ab, bc: three different of five.
    expect(measured('distinct_2', rows).whole).toBeCloseTo(3 / 5);
    // Without the second row: ab, ba of ab, ba, ab.
    expect(measured('distinct_2', rows).without[1]).toBeCloseTo(2 / 3);
  });

  it('are held against others on as many words', () => {
    const rows = [row(['a', 'b', 'c', 'd']), row(['a', 'b', 'a', 'b'])];
    expect(measured('distinct_2', rows, 4).whole).toBe(1);
  });

  it('have an entropy of tools: none of one tool, two bits of four as common', () => {
    expect(measured('tool_entropy', [row([], { called: ['find', 'find'] })]).whole).toBe(0);
    const four = measured('tool_entropy', [
      row([], { called: ['a', 'b'] }),
      row([], { called: ['c', 'd'], group: 1 }),
    ]);
    expect(four.whole).toBe(2);
    expect(four.without[0]).toBe(1);
  });
});

describe('self-BLEU', () => {
  const words = (text: string): SampledRow => row(text.split(' '));

  it('is one of rows that repeat each other, and near none of rows that share no word', () => {
    const same = Array.from({ length: 4 }, () => words('we sail at noon from the old quay'));
    expect(selfBleu(same, 2).map(({ bleu }) => bleu)).toEqual([1, 1]);
    const apart = [words('we sail at noon'), words('bread needs salt and time')];
    expect(selfBleu(apart, 1)[0]?.bleu).toBeLessThan(0.01);
  });

  it('is lower of a short row than of a whole one', () => {
    const whole = words('we sail at noon from the old quay');
    const [short] = selfBleu([whole, words('we sail at noon')], 1);
    const [long] = selfBleu([whole, words('we sail at noon from the old quay')], 1);
    expect(short?.bleu).toBeLessThan(0.5);
    expect(long?.bleu).toBe(1);
  });
});

describe('the jackknife', () => {
  it('covers the true difference of two means in about 95 of 100 samples', () => {
    const random = randomSource('jackknife');
    const groups = (shift: number) => {
      const values = Array.from({ length: 20 }, () => shift + random());
      const sum = values.reduce((total, value) => total + value, 0);
      return { whole: sum / 20, without: values.map((value) => (sum - value) / 19) };
    };
    let covered = 0;
    for (let sample = 0; sample < 1000; sample += 1) {
      const { low, high } = jackknife(groups(0), groups(0.3));
      if (low <= 0.3 && high >= 0.3) covered += 1;
    }
    expect(covered / 1000).toBeGreaterThan(0.93);
    expect(covered / 1000).toBeLessThan(0.975);
  });
});
