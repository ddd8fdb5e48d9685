import { describe, expect, it } from 'vitest';
import { Budget } from '../../../core/llm/budget.ts';
import { costOf, Ledger } from '../../../core/llm/ledger.ts';

const usage = {
  prompt_tokens: 1_000_000,
  cached_tokens: 400_000,
  completion_tokens: 100_000,
  estimated: false,
};

describe('costOf', () => {
  it('prices cached tokens apart', () => {
    expect(costOf(usage, { input: 2, cached_input: 0.5, output: 8 })).toBeCloseTo(1.2 + 0.2 + 0.8);
  });

  it('takes cached tokens at the price of others where none is given, and no prices as free', () => {
    expect(costOf(usage, { input: 2, output: 8 })).toBeCloseTo(2.8);
    expect(costOf(usage, undefined)).toBe(0);
  });
});

describe('Ledger', () => {
  it('adds up by stage and endpoint and counts reused answers as unpaid', () => {
    const ledger = new Ledger();
    ledger.paid('filter', 'small', usage, 1, 2);
    ledger.paid('filter', 'small', usage, 1, 2);
    ledger.paid('judge', 'big', usage, 3, 4);
    ledger.reused('judge', 'big');
    expect(
      ledger
        .entries()
        .map(({ stage, endpoint, bill }) => [stage, endpoint, bill.requests, bill.reused]),
    ).toEqual([
      ['filter', 'small', 2, 0],
      ['judge', 'big', 1, 1],
    ]);
    expect(ledger.total()).toMatchObject({
      requests: 3,
      cached_tokens: 1_200_000,
      cost_usd: 5,
      seconds: 8,
    });
  });
});

describe('Budget', () => {
  it('refuses what would pass the limit together with what is under way', () => {
    const budget = new Budget(1, 0.5);
    expect(budget.reserve(0.3)).toBe(true);
    expect(budget.reserve(0.3)).toBe(false);
    budget.settle(0.3, 0.1);
    expect(budget.spentUsd).toBeCloseTo(0.6);
    expect(budget.reserve(0.3)).toBe(true);
  });

  it('without a limit refuses nothing', () => {
    expect(new Budget(null, 1e9).reserve(1e9)).toBe(true);
  });
});
