import { describe, expect, it } from 'vitest';
import { ChatClient } from '../../core/llm/chat-client.ts';
import { classifyFailure, type Failure } from '../../core/llm/failure.ts';
import type { Action } from '../helpers/model-actions.ts';
import { endpointAt, good, server } from '../helpers/scripted-engine.ts';
import { STATUSES, type StatusRow } from './statuses.ts';

const BODY = { model: 'm', messages: [{ role: 'user', content: 'Is it?' }] };

/** What the engine takes a server's action for. */
async function failureOf(action: Action): Promise<Failure> {
  const { url } = await server(() => action);
  const asked = new ChatClient(endpointAt(url)).complete(url, BODY, new AbortController().signal);
  return asked.then(
    () => {
      throw new Error('there was an answer');
    },
    (error: unknown) => classifyFailure(error),
  );
}

const title = ({ status, means }: StatusRow): string => `${status}, ${means}`;

describe('a status of the server', () => {
  it.each(STATUSES.map((row) => [title(row), row] as const))('%s', async (_, row) => {
    const { status, kind, billed, headers, body } = row;
    const action: Action = { kind: 'status', status };
    if (headers !== undefined) action.headers = headers;
    if (body !== undefined) action.body = body;
    expect(await failureOf(action)).toMatchObject({
      kind,
      maybeBilled: billed,
      unreachable: false,
      status: status === 204 ? null : status,
    });
  });

  it('that is a redirect says where to, and nothing is sent there', async () => {
    const elsewhere = await server(() => good());
    const location = `${elsewhere.url}/chat/completions`;
    const failure = await failureOf({ kind: 'status', status: 307, headers: { location } });
    expect(failure.reason).toContain(`redirected to ${location}; put that into base_url`);
    expect(elsewhere.received).toBe(0);
  });

  it.each([
    ['seconds', { 'retry-after': '12' }, 12],
    ['milliseconds, as OpenAI says it', { 'retry-after-ms': '1500' }, 1.5],
    [
      'a date, by the clock of the server and not ours',
      { 'retry-after': 'Sat, 01 Jan 2000 00:00:30 GMT', date: 'Sat, 01 Jan 2000 00:00:00 GMT' },
      30,
    ],
    ['a date that is over', { 'retry-after': 'Sat, 01 Jan 2000 00:00:00 GMT' }, 0],
    ['days, which are taken for a quarter of an hour', { 'retry-after': '864000' }, 900],
    ['words, which are none', { 'retry-after': 'soon' }, null],
    ['a number below nothing', { 'retry-after': '-5' }, 0],
  ])('can ask for a wait in %s', async (_, headers, seconds) => {
    expect(await failureOf({ kind: 'status', status: 429, headers })).toMatchObject({
      kind: 'throttled',
      retryAfter: seconds,
    });
  });

  it('brings no code for the terminal into the message', async () => {
    const message = 'out of \u001b[2J\u0007memory\u009b31m';
    const { reason } = await failureOf({ kind: 'status', status: 500, message });
    expect(reason).toBe('HTTP 500: out of [2J memory 31m');
  });
});
