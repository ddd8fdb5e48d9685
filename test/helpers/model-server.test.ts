import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { FAULT_KINDS, seededFaults } from './faults.ts';
import {
  type Action,
  answer,
  htmlPage,
  invalidJson,
  invalidUtf8,
  tooManyRequests,
} from './model-actions.ts';
import { type ModelServerOptions, type Script, startModelServer } from './model-server.ts';

async function serve(script: Script, options?: ModelServerOptions) {
  const server = await startModelServer(script, options);
  onTestFinished(() => server.close());
  const ask = (text = 'Hello', signal: AbortSignal | null = null) =>
    fetch(`${server.url}/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: text }] }),
      signal,
    });
  return { server, ask };
}

/** A promise that `release` keeps. */
function gate(): { promise: Promise<void>; release: () => void } {
  let release = () => {};
  const promise = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { promise, release };
}

/** A server that always does the same. */
const always = (action: Action) => serve(() => action);

describe('an answer', () => {
  test('is a chat completion', async () => {
    const { ask } = await always(answer('Good day', { reasoning: 'Be polite.' }));
    const response = await ask();
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      model: 'm',
      choices: [
        {
          finish_reason: 'stop',
          message: { role: 'assistant', content: 'Good day', reasoning_content: 'Be polite.' },
        },
      ],
      usage: { prompt_tokens: 100, completion_tokens: 2, total_tokens: 102 },
    });
  });

  test('says what it is told to say', async () => {
    const { ask } = await always(answer('', { usage: null, finishReason: 'length' }));
    const completion: unknown = await (await ask()).json();
    expect(completion).toMatchObject({ choices: [{ finish_reason: 'length' }] });
    expect(completion).not.toHaveProperty('usage');
  });

  test('depends on the request', async () => {
    const { server, ask } = await serve(({ number, body }) =>
      answer(`${number}: ${body.messages[0]?.content}`),
    );
    const texts = [await (await ask('one')).text(), await (await ask('two')).text()];
    expect(texts[0]).toContain('1: one');
    expect(texts[1]).toContain('2: two');
    expect(server.requests.map(({ status }) => status)).toEqual([200, 200]);
    expect(new Set(server.requests.map(({ hash }) => hash)).size).toBe(2);
  });
});

describe('a fault', () => {
  test('is a status with headers and an error body', async () => {
    const { server, ask } = await always(tooManyRequests(3));
    const response = await ask();
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('3');
    expect(await response.json()).toMatchObject({ error: { code: 'rate_limit_exceeded' } });
    expect(server.statuses).toEqual({ 429: 1 });
  });

  test('hangs until the client gives up', async () => {
    const { server, ask } = await always({ kind: 'hang' });
    await expect(ask('x', AbortSignal.timeout(50))).rejects.toThrow(/timeout/);
    await vi.waitFor(() => expect(server).toMatchObject({ inFlight: 0, cut: 1, received: 1 }));
  });

  test.each<[string, Action, RegExp]>([
    ['before', { kind: 'reset', when: 'before' }, /ECONNRESET|UND_ERR_SOCKET/],
    ['mid-body', { kind: 'reset', when: 'mid-body' }, /ECONNRESET|UND_ERR_SOCKET/],
    ['half body', { kind: 'half-body' }, /UND_ERR_SOCKET|UND_ERR_RES_CONTENT_LENGTH_MISMATCH/],
  ])('ends the connection: %s', async (_, action, code) => {
    const { server, ask } = await always(action);
    const error: unknown = await ask()
      .then((response) => response.text())
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ cause: { code: expect.stringMatching(code) } });
    await vi.waitFor(() => expect(server.cut).toBe(1));
  });

  test('is a body that cannot be read', async () => {
    const strict = new TextDecoder('utf-8', { fatal: true });
    const page = await (await always(htmlPage())).ask();
    expect(page.headers.get('content-type')).toBe('text/html');
    const text = await (await (await always(invalidJson('x'))).ask()).text();
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    const bytes = await (await (await always(invalidUtf8('x'))).ask()).arrayBuffer();
    expect(() => strict.decode(bytes)).toThrow(TypeError);
    expect(() => JSON.parse(new TextDecoder().decode(bytes))).not.toThrow();
  });

  test('is a wait, in one piece or many', async () => {
    const drip: Action = { kind: 'drip', answer: answer('slow'), pieces: 5, everyMs: 5 };
    const { ask } = await always({ kind: 'delay', ms: 10, followedBy: drip });
    expect(await (await ask()).json()).toMatchObject({
      choices: [{ message: { content: 'slow' } }],
    });
  });
});

describe('the server', () => {
  test('answers a request that is no chat request with 400', async () => {
    const { server } = await always(answer('x'));
    const post = (body: string) =>
      fetch(`${server.url}/chat/completions`, { method: 'POST', body });
    expect((await post('{')).status).toBe(400);
    expect((await post('{"model":"m"}')).status).toBe(400);
  });

  test('tells its models and its health', async () => {
    const { server } = await serve(() => answer('x'), { models: ['a', 'b'] });
    const models = await fetch(`${server.url}/models`);
    expect(await models.json()).toMatchObject({ data: [{ id: 'a' }, { id: 'b' }] });
    expect((await fetch(new URL('/health', server.url))).status).toBe(200);
    expect((await fetch(new URL('/nowhere', server.url))).status).toBe(404);
    expect(server.received).toBe(0);
  });

  test('admits so many at a time', async () => {
    const { promise: released, release } = gate();
    const { server, ask } = await serve(() => released.then(() => answer('x')), {
      admission: { limit: 3, retryAfterSeconds: 1 },
    });
    const asked = Array.from({ length: 8 }, async () => (await ask()).status);
    await vi.waitFor(() => expect(server.statuses).toEqual({ 429: 5 }));
    expect(server.inFlight).toBe(3);
    release();
    expect((await Promise.all(asked)).sort()).toEqual([200, 200, 200, 429, 429, 429, 429, 429]);
    expect((await ask()).status).toBe(200);
  });

  test('only counts when told so', async () => {
    const { server, ask } = await serve(() => answer('x'), { countersOnly: true });
    await (await ask()).text();
    await vi.waitFor(() => expect(server.statuses).toEqual({ 200: 1 }));
    expect(server.requests).toEqual([]);
  });

  test('closes while requests hang', async () => {
    const server = await startModelServer(() => ({ kind: 'hang' }));
    const body = JSON.stringify({ model: 'm', messages: [] });
    const asked = fetch(`${server.url}/chat/completions`, { method: 'POST', body });
    const refused = expect(asked).rejects.toThrow();
    await vi.waitFor(() => expect(server.received).toBe(1));
    await server.close();
    await refused;
  });
});

describe('seeded faults', () => {
  const mixed = (seed: number) => {
    const script = seededFaults(seed, 0.3)(() => answer('one\ntwo\nthree'));
    const request = { body: { model: 'm', messages: [] }, hash: '', headers: {} };
    const numbers = Array.from({ length: 1000 }, (_, index) => index + 1);
    return Promise.all(numbers.map(async (number) => script({ ...request, number })));
  };

  test('are the same for the same seed and number', async () => {
    expect(await mixed(1)).toEqual(await mixed(1));
    expect(await mixed(1)).not.toEqual(await mixed(2));
  });

  test('are of every kind, in the share asked for', async () => {
    const good = JSON.stringify(answer('one\ntwo\nthree'));
    const bad = (await mixed(1)).map((a) => JSON.stringify(a)).filter((action) => action !== good);
    expect(bad.length).toBeGreaterThan(250);
    expect(bad.length).toBeLessThan(350);
    expect(new Set(bad).size).toBe(FAULT_KINDS.length);
  });

  test('leave what is no answer alone', async () => {
    const script = seededFaults(1, 1)(() => ({ kind: 'hang' }));
    const request = { number: 1, body: { model: 'm', messages: [] }, hash: '', headers: {} };
    expect(await script(request)).toEqual({ kind: 'hang' });
  });
});
