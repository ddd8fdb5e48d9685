import { describe, expect, it } from 'vitest';
import { JournalReader } from '../../../core/llm/journal.ts';
import { answer, tooManyRequests } from '../../helpers/model-actions.ts';
import type { Script } from '../../helpers/model-server.ts';
import {
  endpointAt,
  engineIn,
  good,
  linesOf,
  nobody,
  request,
  server,
} from '../../helpers/scripted-engine.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';

describe('the engine', () => {
  it('gives an answer with its tokens and price, and gives it again from the journal without asking', async () => {
    const { url, requests } = await server(() => good());
    const folder = await temporaryFolder();
    const endpoint = endpointAt(url, { prices: { input: 10, cached_input: 1, output: 100 } });
    const first = await engineIn(folder);
    const asked = await first.engine.ask(request(endpoint), 0);
    expect(asked).toMatchObject({ text: 'yes', finishReason: 'stop', reused: false });
    expect(asked.costUsd).toBeCloseTo((40 * 10 + 60 * 1 + 10 * 100) / 1e6);
    expect(first.ledger.total()).toMatchObject({ requests: 1, cached_tokens: 60 });
    await first.close();
    const second = await engineIn(folder);
    const elsewhere = { ...endpoint, base_url: await nobody(), timeout_s: 1 };
    expect(await second.engine.ask(request(elsewhere), 0)).toMatchObject({
      ...asked,
      reused: true,
    });
    await second.close();
    expect(requests).toHaveLength(1);
  });

  it('asks again only for what changed: model, messages, sampling, sample index', async () => {
    const { url, requests } = await server(() => good());
    const folder = await temporaryFolder();
    const endpoint = endpointAt(url);
    const { engine, close } = await engineIn(folder);
    await engine.ask(request(endpoint), 0);
    await close();
    const again = await engineIn(folder);
    await again.engine.ask(request(endpoint), 0);
    await again.engine.ask(request({ ...endpoint, model: 'other' }), 0);
    await again.engine.ask(request(endpoint, 'Was it?'), 0);
    await again.engine.ask(request(endpoint, 'Is it?', { sampling: { max_tokens: 51 } }), 0);
    await again.engine.ask(request(endpoint, 'Is it?', { sampleIndex: 1 }), 0);
    await again.close();
    expect(requests).toHaveLength(5);
  });

  it("takes another run's answers, counts them as reused and keeps them", async () => {
    const { url } = await server(() => good());
    const [one, two] = [await temporaryFolder(), await temporaryFolder()];
    const first = await engineIn(one);
    await first.engine.ask(request(endpointAt(url)), 0);
    await first.close();
    const others = [await JournalReader.open(first.path)];
    const second = await engineIn(two, { others });
    expect(await second.engine.ask(request(endpointAt(await nobody())), 0)).toMatchObject({
      text: 'yes',
      reused: true,
    });
    expect(second.ledger.total()).toMatchObject({ requests: 0, reused: 1 });
    await second.close();
    expect(await linesOf(second.path)).toMatchObject([{ reused: true }]);
  });

  it('retries what did not arrive whole, and waits as long as the server asks', async () => {
    const bad = [
      tooManyRequests(1),
      { kind: 'status', status: 500 },
      { kind: 'reset', when: 'mid-body' },
      { kind: 'half-body' },
      { kind: 'bytes', bytes: Buffer.from('<html>'), contentType: 'text/html' },
    ] as const;
    const { url, requests } = await server(({ number }) => bad[number - 1] ?? good());
    const { engine, close } = await engineIn(await temporaryFolder());
    expect(await engine.ask(request(endpointAt(url)), 0)).toMatchObject({ text: 'yes' });
    await close();
    expect(requests).toHaveLength(6);
    const [first, second] = requests;
    expect((second?.time ?? 0) - (first?.time ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it('gives a hanging request up after its time and asks again', async () => {
    const { url, requests } = await server(({ number }) =>
      number === 1 ? { kind: 'hang' } : good(),
    );
    const { engine, close } = await engineIn(await temporaryFolder());
    expect(await engine.ask(request(endpointAt(url, { timeout_s: 0.3 })), 0)).toMatchObject({
      text: 'yes',
    });
    await close();
    expect(requests).toHaveLength(2);
  });

  it('sends less at a time when the server objects, and loses no row', async () => {
    const script: Script = () => ({ kind: 'delay', ms: 20, followedBy: good() });
    const { url, highestInFlight } = await server(script, {
      admission: { limit: 4, retryAfterSeconds: 0 },
    });
    const { engine, close } = await engineIn(await temporaryFolder());
    const endpoint = endpointAt(url, { concurrency: { first: 16, highest: 16 } });
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, row) => engine.ask(request(endpoint, `Row ${row}`), 0)),
    );
    await close();
    expect(answers.map(({ text }) => text)).toEqual(Array(60).fill('yes'));
    expect(engine.load(endpoint).limit).toBeLessThan(10);
    expect(highestInFlight).toBeLessThanOrEqual(16);
  });

  it('lets later stages go first', async () => {
    const order: string[] = [];
    const { url } = await server(({ body }) => {
      order.push(body.messages[1]?.content ?? '');
      return { kind: 'delay', ms: 30, followedBy: good() };
    });
    const { engine, close } = await engineIn(await temporaryFolder());
    const endpoint = endpointAt(url, { concurrency: { first: 1, highest: 1 } });
    const asks = [engine.ask(request(endpoint, 'first'), 0)];
    for (const [question, priority] of [
      ['filter', 0],
      ['judge', 4],
      ['generate', 2],
    ] as const) {
      asks.push(engine.ask(request(endpoint, question), priority));
    }
    await Promise.all(asks);
    await close();
    expect(order).toEqual(['first', 'judge', 'generate', 'filter']);
  });

  it('uses every replica, and goes on with the living when one is dead', async () => {
    const [one, two] = [
      await server(() => ({ kind: 'delay', ms: 20, followedBy: good() })),
      await server(() => ({ kind: 'delay', ms: 20, followedBy: good() })),
    ];
    const { engine, close } = await engineIn(await temporaryFolder());
    const endpoint = endpointAt([one.url, two.url, await nobody()], {
      concurrency: { first: 2, highest: 2 },
    });
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, row) => engine.ask(request(endpoint, `Row ${row}`), 0)),
    );
    await close();
    expect(answers).toHaveLength(24);
    expect(one.received).toBeGreaterThan(5);
    expect(two.received).toBeGreaterThan(5);
  });

  it.each([
    [401, 'invalid_api_key', 'Incorrect API key provided'],
    [404, 'model_not_found', 'The model `scripted` does not exist'],
    [400, '', "Requested model 'scripted' is unknown: model does not exist"],
    [429, 'insufficient_quota', 'You exceeded your current quota'],
  ])(
    'ends at once with the cause when no request can succeed (%i %s)',
    async (status, code, message) => {
      const { url, requests } = await server(() => ({ kind: 'status', status, code, message }));
      const { engine, close } = await engineIn(await temporaryFolder());
      await expect(engine.ask(request(endpointAt(url)), 0)).rejects.toThrow(
        new RegExp(`endpoint test \\(scripted at .*${message.slice(0, 12)}`, 's'),
      );
      await close();
      expect(requests).toHaveLength(1);
    },
  );

  it.each([
    [
      '{"object":"error","message":"max_tokens is too large: 16384"}',
      'max_tokens is too large: 16384',
    ],
    ['{"detail":[{"msg":"field required"}]}', 'field required'],
    ['upstream said no', 'upstream said no'],
  ])('tells what the server said in its own shape of error: %s', async (body, said) => {
    const { url } = await server(() => ({ kind: 'status', status: 422, body }));
    const { engine, close } = await engineIn(await temporaryFolder());
    await expect(engine.ask(request(endpointAt(url)), 0)).rejects.toThrow(said);
    await close();
  });

  it('takes a 403 for a wrong key at first, and for a filter once the server has answered', async () => {
    const forbidden = { kind: 'status', status: 403, message: 'blocked' } as const;
    const { url } = await server(({ number }) => (number === 1 ? good() : forbidden));
    const { engine, close } = await engineIn(await temporaryFolder());
    await engine.ask(request(endpointAt(url), 'fine'), 0);
    await expect(engine.ask(request(endpointAt(url), 'attack'), 0)).rejects.toMatchObject({
      failure: { kind: 'forbidden' },
    });
    await close();
    const fresh = await server(() => forbidden);
    const other = await engineIn(await temporaryFolder());
    await expect(other.engine.ask(request(endpointAt(fresh.url)), 0)).rejects.toThrow(
      'endpoint test',
    );
    await other.close();
  });

  it('does not wait for money that is gone, nor follow a redirect', async () => {
    const broke = await server(() => ({
      kind: 'status',
      status: 429,
      code: '1113',
      message: 'Insufficient balance',
    }));
    const { engine, close } = await engineIn(await temporaryFolder());
    await expect(engine.ask(request(endpointAt(broke.url)), 0)).rejects.toThrow(
      'Insufficient balance',
    );
    await close();
    const moved = await server(() => ({
      kind: 'status',
      status: 307,
      headers: { location: 'http://elsewhere.invalid/v1' },
    }));
    const other = await engineIn(await temporaryFolder());
    await expect(other.engine.ask(request(endpointAt(moved.url)), 0)).rejects.toThrow(
      'redirected to http://elsewhere.invalid/v1',
    );
    await other.close();
  });

  it('asks again when a gateway answers 200 with an error, and estimates where half a usage came', async () => {
    const error = {
      kind: 'bytes',
      bytes: Buffer.from('{"error":{"message":"overloaded"}}'),
      contentType: 'application/json',
    } as const;
    const { url } = await server(({ number }) =>
      number === 1 ? error : answer('yes', { usage: { total_tokens: 3 } }),
    );
    const { engine, close } = await engineIn(await temporaryFolder());
    expect(await engine.ask(request(endpointAt(url)), 0)).toMatchObject({
      text: 'yes',
      usage: { estimated: true },
    });
    await close();
  });

  it('does not ask again for what the server refuses', async () => {
    const { url, requests } = await server(() => ({
      kind: 'status',
      status: 400,
      message: 'maximum context length exceeded',
    }));
    const { engine, close } = await engineIn(await temporaryFolder());
    await expect(engine.ask(request(endpointAt(url)), 0)).rejects.toMatchObject({
      failure: { kind: 'refused' },
    });
    await close();
    expect(requests).toHaveLength(1);
  });

  it('says that a server is not there', async () => {
    const { engine, close } = await engineIn(await temporaryFolder());
    await expect(engine.ask(request(endpointAt(await nobody())), 0)).rejects.toThrow(
      /ECONNREFUSED.*is the server up/s,
    );
    await close();
  });

  it('wants the key that the entry names', async () => {
    const { engine, close } = await engineIn(await temporaryFolder());
    const endpoint = endpointAt(await nobody(), { api_key_env: 'NO_SUCH_KEY_HERE' });
    await expect(engine.ask(request(endpoint), 0)).rejects.toThrow(
      'environment variable NO_SUCH_KEY_HERE, which is not set',
    );
    await close();
  });
});
