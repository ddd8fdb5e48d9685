import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomSource } from '../../../core/stats/random.ts';
import { meanOfColumns, pairedDifference } from '../../../eval/benchmarks/clustered-mean.ts';
import { PAPER_BFCL_COLUMNS, PAPER_RESULTS } from '../../../eval/benchmarks/paper-results.ts';
import { scoreReport } from '../../../eval/benchmarks/score-report.ts';
import { passAtK, passHatK } from '../../../eval/benchmarks/tau2/trial-measures.ts';
import { bfclScores as bfcl, bits } from './score-fixture.ts';

describe('measures over trials', () => {
  it('agree with counting every choice of k trials', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 7 }),
        fc.nat(6),
        (won, more) => {
          const k = 1 + (more % won.length);
          const chosen = choicesOf(won, k);
          const share = (fits: (choice: boolean[]) => boolean) =>
            chosen.filter(fits).length / chosen.length;
          const successes = won.filter(Boolean).length;
          const any = share((choice) => choice.some(Boolean));
          const all = share((choice) => choice.every(Boolean));
          expect(passAtK(won.length, successes, k)).toBeCloseTo(any, 9);
          expect(passHatK(won.length, successes, k)).toBeCloseTo(all, 9);
        },
      ),
    );
  });

  it('say nothing where there are fewer trials', () => {
    expect([passAtK(3, 3, 4), passHatK(3, 3, 4)]).toEqual([null, null]);
  });
});

describe('the spread of scores', () => {
  it('is the binomial one for a column of zeros and ones', () => {
    const column = bits('one', 200, 0.3);
    const { mean, standardError } = meanOfColumns([column]);
    const share = mean ?? Number.NaN;
    expect(standardError).toBeCloseTo(Math.sqrt((share * (1 - share)) / 199), 9);
  });

  it('of four equal columns is that of one: they are the same tasks', () => {
    const column = bits('same', 200, 0.3);
    const four = meanOfColumns([column, column, column, column]);
    expect(four.standardError).toBeCloseTo(meanOfColumns([column]).standardError ?? 0, 9);
  });

  it('holds the truth in about 95 of 100 cases', () => {
    const random = randomSource('coverage');
    let held = 0;
    for (let round = 0; round < 1000; round += 1) {
      // Variants of a task share its difficulty.
      const columns = [0, 1, 2, 3].map(() => ({}) as Record<string, number>);
      for (let task = 0; task < 60; task += 1) {
        const chance = random();
        for (const column of columns) column[`t${task}`] = random() < chance ? 1 : 0;
      }
      const { mean, margin } = meanOfColumns(columns);
      if (Math.abs((mean ?? 9) - 0.5) <= (margin ?? 0)) held += 1;
    }
    expect(held).toBeGreaterThan(930);
    expect(held).toBeLessThan(970);
  });

  it('of a difference is taken on the tasks that both answered', () => {
    const a = { one: 0, two: 1, three: 1 };
    const b = { one: 1, two: 1, four: 0 };
    expect(pairedDifference([a], [b])).toMatchObject({ mean: 0.5, tasks: 2, margin: null });
  });
});

describe('tables', () => {
  it('put checkpoints beside each other and the paper, with differences', () => {
    const { text, markdown } = scoreReport([
      bfcl('base', 'BFCL_v3', 0.2),
      bfcl('tuned', 'BFCL_v3', 0.6),
    ]);
    const lines = text.join('\n');
    expect(lines).toMatch(/%\s+overall\s+base\s+miss func\s+miss param\s+long context/);
    expect(lines).toMatch(/paper: 8B GEM\s+30\.25\s+40\.00\s+30\.00\s+28\.00\s+23\.00/);
    expect(lines).toMatch(
      /BFCL overall: tuned less base \+\d+\.\d\d \[\+\d+\.\d\d, \+\d+\.\d\d\]\n/,
    );
    expect(lines).toMatch(/tuned less paper: Qwen3-8B/);
    expect(markdown).toMatch(/\| tuned \| \d\d\.\d\d ±\d\.\d\d \|/);
  });

  it('call a checkpoint compared with itself noise', () => {
    const lines = scoreReport([bfcl('a', 'BFCL_v3', 0.4), bfcl('a', 'BFCL_v3', 0.4, 'b')]).text;
    expect(lines).toContain('BFCL overall: b less a +0.00 [+0.00, +0.00], within noise');
  });

  it('keep versions of the data apart', () => {
    const { text } = scoreReport([bfcl('a', 'BFCL_v3', 0.4), bfcl('b', 'BFCL_v4', 0.5)]);
    const lines = text.join('\n');
    expect(lines).toContain('BFCL (bfcl-eval 1, data BFCL_v3)');
    expect(lines).toContain('BFCL (bfcl-eval 1, data BFCL_v4)');
    expect(lines).not.toContain('b less a');
    expect(lines).toContain('2 ways that do not compare');
  });
});

describe("the paper's figures", () => {
  it('have an overall BFCL figure that is the mean of the columns, but for rounding and its known slips', () => {
    const off = PAPER_RESULTS.flatMap(({ model, figures: { BFCL } }) => {
      if (BFCL === undefined) return [];
      const mean = PAPER_BFCL_COLUMNS.reduce((sum, name) => sum + (BFCL[name] ?? 0), 0) / 4;
      return Math.abs(mean - (BFCL.overall ?? 0)) > 0.011 ? [model] : [];
    });
    expect(off).toEqual(['Qwen3-32B']);
  });
});

function choicesOf(items: boolean[], k: number): boolean[][] {
  if (k === 0) return [[]];
  return items.flatMap((item, index) =>
    choicesOf(items.slice(index + 1), k - 1).map((rest) => [item, ...rest]),
  );
}
