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
  it('refuses what would pass the limit when nothing is under way', async () => {
    const budget = new Budget(1, 0.5);
    expect(await budget.reserve(0.6)).toBe(false);
    expect(await budget.reserve(0.3)).toBe(true);
    budget.settle(0.3, 0.1);
    expect(budget.spentUsd).toBeCloseTo(0.6);
    expect(await budget.reserve(0.5)).toBe(false);
  });

  it('waits for what is under way, which mostly costs less than was reserved', async () => {
    const budget = new Budget(1, 0);
    expect(await budget.reserve(0.7)).toBe(true);
    let answer: boolean | undefined;
    const waiting = budget.reserve(0.7).then((reserved) => {
      answer = reserved;
    });
    await Promise.resolve();
    expect(answer).toBeUndefined();
    budget.settle(0.7, 0.01);
    await waiting;
    expect(answer).toBe(true);
  });

  it('ends the wait when the run stops', async () => {
    const budget = new Budget(1, 0);
    await budget.reserve(0.7);
    const stop = new AbortController();
    const waiting = expect(budget.reserve(0.7, stop.signal)).rejects.toThrow('enough');
    stop.abort(new Error('enough'));
    await waiting;
  });

  it('without a limit refuses nothing', async () => {
    expect(await new Budget(null, 1e9).reserve(1e9)).toBe(true);
  });
});
