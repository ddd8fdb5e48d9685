import { describe, expect, it } from 'vitest';
import { Budget } from '../../../core/llm/budget.ts';
import {
  endpointAt,
  engineIn,
  good,
  linesOf,
  request,
  server,
} from '../../helpers/scripted-engine.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';

describe('a budget', () => {
  const prices = { input: 0, output: 1_000_000 / 50 };

  it('stops before the request that could pass it', async () => {
    const { url, requests } = await server(() => good());
    const { engine, close } = await engineIn(await temporaryFolder(), {
      budget: new Budget(1.5, 0),
    });
    const endpoint = endpointAt(url, { prices });
    for (const question of ['a', 'b', 'c']) await engine.ask(request(endpoint, question), 0);
    // Each answer cost 0.2 of a reserved 1: a fourth could end at 1.6.
    await expect(engine.ask(request(endpoint, 'd'), 0)).rejects.toThrow('the budget is spent');
    await close();
    expect(requests).toHaveLength(3);
  });

  it('counts a request without an answer as spent where the server may have worked', async () => {
    const { url } = await server(({ number }) => (number === 1 ? { kind: 'hang' } : good()));
    const budget = new Budget(10, 0);
    const { engine, path, close } = await engineIn(await temporaryFolder(), { budget });
    await engine.ask(request(endpointAt(url, { prices, timeout_s: 0.2 })), 0);
    await close();
    expect(budget.spentUsd).toBeCloseTo(1.2);
    expect((await linesOf(path)).map((line) => Object.keys(line)[0])).toEqual([
      'sent',
      'lost',
      'sent',
      'key',
    ]);
  });
});

describe('stopping', () => {
  it('awaits and keeps the answers on their way and sends nothing more', async () => {
    const { url, requests } = await server(() => ({ kind: 'delay', ms: 150, followedBy: good() }));
    const { engine, path, close } = await engineIn(await temporaryFolder());
    const endpoint = endpointAt(url, { concurrency: { first: 2, highest: 2 } });
    const asks = ['a', 'b', 'c'].map((question) => engine.ask(request(endpoint, question), 0));
    const settled = Promise.allSettled(asks);
    await expect.poll(() => requests.length).toBe(2);
    engine.stop('enough');
    expect((await settled).map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
    ]);
    await close();
    expect(await linesOf(path)).toHaveLength(2);
  });

  it('a second time ends what is in flight', async () => {
    const { url, requests } = await server(() => ({ kind: 'hang' }));
    const { engine, close } = await engineIn(await temporaryFolder());
    const ask = engine.ask(request(endpointAt(url)), 0);
    const ended = expect(ask).rejects.toThrow('interrupted');
    await expect.poll(() => requests.length).toBe(1);
    engine.abort('interrupted');
    await ended;
    await close();
  });
});
