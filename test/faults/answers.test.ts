import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ChatClient } from '../../core/llm/chat-client.ts';
import { classifyFailure, type Failure } from '../../core/llm/failure.ts';
import { type Action, answer, htmlPage, invalidUtf8 } from '../helpers/model-actions.ts';
import { endpointAt, good, nobody, server } from '../helpers/scripted-engine.ts';
import { rawServer } from './raw-server.ts';

const COMPLETION = JSON.stringify({
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'yes' } }],
});

const BODY = { model: 'm', messages: [{ role: 'user', content: 'Is it?' }] };

/** One request; the text of the answer, or what the engine takes the failure for. */
async function ask(url: string, timeoutS = 5): Promise<string | Failure> {
  const client = new ChatClient(endpointAt(url, { timeout_s: timeoutS }));
  try {
    const { completion } = await client.complete(url, BODY, new AbortController().signal);
    return completion.choices[0]?.message.content ?? '';
  } catch (error) {
    return classifyFailure(error);
  }
}

const askScripted = async (action: Action, timeoutS?: number) =>
  ask((await server(() => action)).url, timeoutS);

const response = (headers: string, body: string): string =>
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${headers}\r\n${body}`;

const askRaw = async (bytes: string | Buffer) =>
  ask(await rawServer((socket) => socket.end(bytes)), 2);

const transport = (reason: RegExp, billed = true) => ({
  kind: 'transport',
  reason: expect.stringMatching(reason),
  maybeBilled: billed,
  unreachable: !billed,
});

describe('an answer', () => {
  it('that comes in drops is taken when it is whole in time, and given up when not', async () => {
    const drip = (everyMs: number): Action => ({
      kind: 'drip',
      answer: good(),
      pieces: 5,
      everyMs,
    });
    expect(await askScripted(drip(5))).toBe('yes');
    const late = await askScripted(drip(100), 0.25);
    expect(late).toMatchObject(transport(/^no whole answer within 0\.25 s$/));
  });

  it('of which half comes is none', async () => {
    expect(await askScripted({ kind: 'half-body' })).toMatchObject(transport(/^connection failed/));
    const reset = await askScripted({ kind: 'reset', when: 'mid-body' });
    expect(reset).toMatchObject(transport(/^connection failed/));
  });

  it('that is longer than it says is none, for its end is missing', async () => {
    const short = `content-length: ${COMPLETION.length - 9}\r\n`;
    const failure = await askRaw(response(short, COMPLETION));
    expect(failure).toMatchObject(transport(/not JSON|connection failed/));
  });

  it('that is shorter than it says is none', async () => {
    const long = `content-length: ${COMPLETION.length + 9}\r\n`;
    const failure = await askRaw(response(long, COMPLETION));
    expect(failure).toMatchObject(transport(/^connection failed/));
  });

  it('without a length ends with the connection', async () => {
    expect(await askRaw(response('', COMPLETION))).toBe('yes');
  });

  it('under another content type is read when it is one, and is none when it is a page', async () => {
    const bytes = Buffer.from(COMPLETION);
    expect(await askScripted({ kind: 'bytes', bytes, contentType: 'text/html' })).toBe('yes');
    expect(await askScripted({ kind: 'bytes', bytes, contentType: 'image/png' })).toBe('yes');
    const page = await askScripted(htmlPage());
    expect(page).toMatchObject(transport(/^the server's answer is not JSON: "<html>/));
  });

  it('that is not UTF-8 is none, and no replacement character is trained on', async () => {
    const failure = await askScripted(invalidUtf8('yes'));
    expect(failure).toMatchObject(transport(/^the server's answer is not UTF-8$/));
  });

  it('of 50 MB is none, and is not read to its end', async () => {
    const { url, statuses } = await server(() => answer('yes '.repeat(13_000_000)));
    expect(await ask(url, 30)).toMatchObject(transport(/answer is longer than 16 MiB$/));
    expect(statuses).toEqual({});
  });

  it('that unpacks to 50 MB is none', async () => {
    const bytes = gzipSync(Buffer.alloc(50_000_000, ' '));
    const head = `content-encoding: gzip\r\ncontent-length: ${bytes.length}\r\n`;
    const failure = await askRaw(Buffer.concat([Buffer.from(response(head, '')), bytes]));
    expect(failure).toMatchObject(transport(/answer is longer than 16 MiB$/));
  });

  it('that is not packed as it says is none', async () => {
    const head = `content-encoding: gzip\r\ncontent-length: ${COMPLETION.length}\r\n`;
    expect(await askRaw(response(head, COMPLETION))).toMatchObject(transport(/incorrect header/));
  });

  it('after another that only says that it will come is read', async () => {
    const early = 'HTTP/1.1 103 Early Hints\r\ncontent-length: 3\r\ncontent-encoding: gzip\r\n\r\n';
    const whole = response(`content-length: ${COMPLETION.length}\r\n`, COMPLETION);
    expect(await askRaw(early + whole)).toBe('yes');
  });

  it('of another protocol is none', async () => {
    const failure = await askRaw('SSH-2.0-OpenSSH_9.2\r\n');
    expect(failure).toMatchObject(transport(/^connection failed/));
  });
});

describe('a server', () => {
  it('whose certificate nobody signed is not talked to, and nothing is counted as spent', async () => {
    let asked = 0;
    const url = await rawServer(
      () => {
        asked += 1;
      },
      { tls: true },
    );
    const failure = await ask(url);
    expect(failure).toMatchObject(
      transport(/^connection failed: self-signed certificate \(.*NODE_EXTRA_CA_CERTS=FILE/, false),
    );
    expect(asked).toBe(0);
  });

  it('that has no TLS under https is said to have none', async () => {
    const url = await nobody();
    expect(await ask(url)).toMatchObject(transport(/ECONNREFUSED/, false));
    const plain = await rawServer((socket) => socket.end(response('', COMPLETION)));
    const failure = await ask(plain.replace('http:', 'https:'));
    expect(failure).toMatchObject(transport(/no https where the server has none\)$/, false));
  });

  it('whose name is not known cannot be reached', async () => {
    const failure = await ask('http://no-such-host.invalid/v1');
    expect(failure).toMatchObject(transport(/getaddrinfo (ENOTFOUND|EAI_AGAIN)/, false));
  });
});
