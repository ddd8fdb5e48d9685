import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a model says, as a chat completion carries it. */
export interface Answer {
  kind: 'answer';
  text: string;
  finishReason?: string;
  /** Counted from the text (four characters a token) unless given; null leaves it out. */
  usage?: Record<string, unknown> | null;
  reasoning?: string;
  /** Further fields of the message, such as tool_calls. */
  message?: Record<string, unknown>;
}

/** What the server does with a request. */
export type Action =
  | Answer
  /** An error in OpenAI's shape, unless `body` says otherwise. */
  | {
      kind: 'status';
      status: number;
      headers?: Record<string, string>;
      message?: string;
      code?: string;
      body?: string;
    }
  /** Never answers; the connection stays open. */
  | { kind: 'hang' }
  /** The connection is reset, before anything is sent or with half of the answer sent. */
  | { kind: 'reset'; when: 'before' | 'mid-body' }
  /** Half of the announced bytes, then an orderly end. */
  | { kind: 'half-body' }
  /** Status 200 with these bytes. */
  | { kind: 'bytes'; bytes: Uint8Array; contentType: string }
  /** The answer in so many pieces, so far apart. */
  | { kind: 'drip'; answer: Answer; pieces: number; everyMs: number }
  | { kind: 'delay'; ms: number; followedBy: Action };

export function answer(text: string, over: Partial<Omit<Answer, 'kind' | 'text'>> = {}): Answer {
  return { kind: 'answer', text, ...over };
}

export function tooManyRequests(retryAfterSeconds: number): Action {
  const headers = { 'retry-after': String(retryAfterSeconds) };
  return {
    kind: 'status',
    status: 429,
    headers,
    message: 'Rate limit reached',
    code: 'rate_limit_exceeded',
  };
}

export function htmlPage(): Action {
  const bytes = Buffer.from('<html><body><h1>It works!</h1></body></html>');
  return { kind: 'bytes', bytes, contentType: 'text/html' };
}

/** A chat completion with a byte in its text that is no UTF-8. */
export function invalidUtf8(text: string): Action {
  const bytes = completionBytes('scripted', answer(`${text}\u0000`));
  const escaped = bytes.indexOf('\\u0000');
  const broken = Buffer.concat([
    bytes.subarray(0, escaped),
    Buffer.of(0xff),
    bytes.subarray(escaped + 6),
  ]);
  return { kind: 'bytes', bytes: broken, contentType: 'application/json' };
}

/** A chat completion without its last brace. */
export function invalidJson(text: string): Action {
  const bytes = completionBytes('scripted', answer(text)).subarray(0, -1);
  return { kind: 'bytes', bytes, contentType: 'application/json' };
}

/** Does what an action says; a client that goes away ends it. */
export async function perform(
  action: Action,
  model: string,
  response: ServerResponse,
): Promise<void> {
  if (response.destroyed) return;
  switch (action.kind) {
    case 'answer':
      return send(response, 200, completionBytes(model, action));
    case 'status':
      return send(response, action.status, errorBytes(action), action.headers);
    case 'hang':
      return;
    case 'reset':
      return reset(response, action.when, model);
    case 'half-body':
      return sendHalf(response, model, () => response.socket?.end());
    case 'bytes':
      return send(response, 200, action.bytes, { 'content-type': action.contentType });
    case 'drip':
      return drip(response, completionBytes(model, action.answer), action);
    case 'delay':
      await wait(action.ms, response);
      return perform(action.followedBy, model, response);
  }
}

function completionBytes(model: string, action: Answer): Buffer {
  const { text, finishReason = 'stop', usage = usageOf(text), reasoning, message } = action;
  const choice = {
    index: 0,
    message: {
      role: 'assistant',
      content: text,
      ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
      ...message,
    },
    finish_reason: finishReason,
  };
  const completion = {
    id: 'chatcmpl-scripted',
    object: 'chat.completion',
    created: 1_700_000_000,
    model,
    choices: [choice],
  };
  return Buffer.from(JSON.stringify(usage === null ? completion : { ...completion, usage }));
}

function usageOf(text: string): Record<string, unknown> {
  const completion = Math.ceil(text.length / 4);
  return { prompt_tokens: 100, completion_tokens: completion, total_tokens: 100 + completion };
}

function errorBytes(action: Extract<Action, { kind: 'status' }>): Buffer {
  const { status, message = `scripted error ${status}`, code = null, body } = action;
  return Buffer.from(
    body ?? JSON.stringify({ error: { message, type: 'scripted_error', param: null, code } }),
  );
}

function send(
  response: ServerResponse,
  status: number,
  bytes: Uint8Array,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': bytes.length,
    ...headers,
  });
  response.end(bytes);
}

function reset(response: ServerResponse, when: 'before' | 'mid-body', model: string): void {
  if (when === 'before') response.socket?.resetAndDestroy();
  else sendHalf(response, model, () => response.socket?.resetAndDestroy());
}

function sendHalf(response: ServerResponse, model: string, then: () => void): void {
  const bytes = completionBytes(model, answer('This answer will not arrive whole. '.repeat(20)));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length });
  response.write(bytes.subarray(0, bytes.length / 2), then);
}

async function drip(
  response: ServerResponse,
  bytes: Buffer,
  { pieces, everyMs }: { pieces: number; everyMs: number },
): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length });
  const size = Math.ceil(bytes.length / pieces);
  for (let at = 0; at < bytes.length && !response.destroyed; at += size) {
    response.write(bytes.subarray(at, at + size));
    await wait(everyMs, response);
  }
  response.end();
}

/** Waits, but not longer than the client does. */
async function wait(ms: number, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  const leave = () => gone.abort();
  response.once('close', leave);
  await sleep(ms, undefined, { signal: gone.signal }).catch(() => {});
  response.off('close', leave);
}
