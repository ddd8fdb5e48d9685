import { expect, onTestFinished, test, vi } from 'vitest';
import { startLoopback } from '../../scripts/benchmarks/loopback.ts';

async function start(...options: string[]) {
  const server = await startLoopback(options);
  onTestFinished(() => server.close());
  const ask = (text: string, signal: AbortSignal | null = null) =>
    fetch(`${server.url}/chat/completions`, { method: 'POST', body: text, signal });
  return { server, ask };
}

test('the loopback server answers with about as many bytes as asked', async () => {
  const { ask } = await start('--latency', '1', '--answer', '6144');
  const text = await (await ask('{}')).text();
  expect(text.length).toBeGreaterThan(6000);
  expect(text.length).toBeLessThan(7000);
  expect(JSON.parse(text)).toMatchObject({ choices: [{ finish_reason: 'stop' }] });
});

test('it admits so many at a time', async () => {
  const { server, ask } = await start('--latency', '1000', '--admit', '4', '--retry-after', '2');
  const responses = await Promise.all(Array.from({ length: 10 }, () => ask('{}')));
  const refused = responses.filter(({ status }) => status === 429);
  expect(refused.map(({ headers }) => headers.get('retry-after'))).toEqual(Array(6).fill('2'));
  const counts = { requests: 10, answered: 4, refused: 6, highest_in_flight: 4 };
  expect(await server.stats()).toMatchObject(counts);
});

test('it tells what was sent twice, and what was cut', async () => {
  const { server, ask } = await start('--latency', '200', '--hash');
  for (const text of ['a', 'b', 'a']) await (await ask(text)).text();
  const impatient = new AbortController();
  const cut = expect(ask('c', impatient.signal)).rejects.toThrow();
  await vi.waitFor(async () => expect(await server.stats()).toMatchObject({ in_flight: 1 }));
  impatient.abort();
  await cut;
  await vi.waitFor(async () => expect(await server.stats()).toMatchObject({ cut: 1 }));
  await (await ask('c')).text();
  const counts = { requests: 5, answered: 4, distinct: 3, repeated: 2, repeated_answered: 1 };
  expect(await server.stats()).toMatchObject(counts);
});
