import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI from 'openai';
import { errorMessage, UsageError } from '../errors.ts';
import { type NamedEndpoint, urlsOf } from '../llm/endpoint.ts';
import { wholeFetch } from '../llm/whole-fetch.ts';
import { HEALTH_PATH } from './servers/plan.ts';

const POLL_MS = 500;
const REQUEST_MS = 10_000;
const ANSWER_MS = 300_000;
const DYING_MS = 5_000;

/** When to give up waiting for a server. */
export interface Patience {
  /** Aborted when the server is over, with its last words as the reason. */
  over: AbortSignal;
  /** Aborted by Ctrl-C. */
  stopping: AbortSignal;
  timeoutMs: number;
}

/**
 * Waits until a server says that its model can be asked. False when Ctrl-C came first.
 * @throws what `over` carries when the server ended; UsageError when the time is up
 */
export async function untilHealthy(root: string, patience: Patience): Promise<boolean> {
  const { over, stopping, timeoutMs } = patience;
  const url = `${root}${HEALTH_PATH}`;
  const either = AbortSignal.any([over, stopping]);
  const deadline = performance.now() + timeoutMs;
  let last = 'no connection';
  for (let left = timeoutMs; left > 0; left = deadline - performance.now()) {
    over.throwIfAborted();
    if (stopping.aborted) return false;
    try {
      // An address that drops what it gets keeps silent, and must not have more than the time that is left.
      const patience = AbortSignal.timeout(Math.ceil(Math.min(left, REQUEST_MS)));
      const response = await fetch(url, {
        redirect: 'manual',
        signal: AbortSignal.any([either, patience]),
      });
      await response.body?.cancel();
      if (response.ok) return true;
      last = `HTTP ${response.status}`;
    } catch (error) {
      last = errorMessage(
        error instanceof Error && error.cause !== undefined ? error.cause : error,
      );
    }
    await sleep(POLL_MS, undefined, { signal: either }).catch(() => {});
  }
  throw new UsageError(
    `the server was not healthy within ${timeoutMs / 1000} s (${url}: ${last}); see its log above, or give it longer with --timeout`,
  );
}

/** What a server answered to a first question. */
export interface FirstAnswer {
  text: string;
  completionTokens: number;
  seconds: number;
}

/**
 * Asks one short question, as every other command will ask: only that proves a server. Undefined when Ctrl-C came first.
 * @throws what `over` carries when the server ended; UsageError with the server's words
 */
export async function firstAnswer(
  endpoint: NamedEndpoint,
  { over, stopping }: Omit<Patience, 'timeoutMs'>,
): Promise<FirstAnswer | undefined> {
  const baseURL = urlsOf(endpoint)[0] ?? '';
  const either = AbortSignal.any([over, stopping]);
  try {
    return await ask(endpoint, baseURL, either);
  } catch (cause) {
    const isAnswered = cause instanceof OpenAI.APIError && cause.status !== undefined;
    // A server that dies breaks the connection, and is known to be over a moment later.
    if (!isAnswered) await sleep(DYING_MS, undefined, { signal: either }).catch(() => {});
    over.throwIfAborted();
    if (stopping.aborted) return undefined;
    throw new UsageError(
      `the server is up, and does not answer a chat request (${baseURL}, model ${endpoint.model}): ${errorMessage(cause)}`,
      { cause },
    );
  }
}

async function ask(
  endpoint: NamedEndpoint,
  baseURL: string,
  signal: AbortSignal,
): Promise<FirstAnswer> {
  const client = new OpenAI({
    baseURL,
    apiKey: 'none',
    maxRetries: 0,
    timeout: ANSWER_MS,
    // Unlike Node's own, it follows no redirect. Its response has what the client reads of one.
    fetch: wholeFetch as unknown as typeof globalThis.fetch,
    logLevel: 'off',
  });
  const begun = performance.now();
  const answer = await client.chat.completions.create(
    {
      model: endpoint.model,
      messages: [{ role: 'user', content: 'Say hello.' }],
      max_tokens: 16,
      ...endpoint.thinking?.body,
    },
    { signal },
  );
  const message = answer.choices[0]?.message;
  if (message === undefined) throw new Error('the answer has no choices');
  return {
    text: message.content ?? '',
    completionTokens: answer.usage?.completion_tokens ?? 0,
    seconds: (performance.now() - begun) / 1000,
  };
}
