import OpenAI from 'openai';
import { Agent, type RequestInit as RequestInitOfUndici, fetch as undiciFetch } from 'undici';
import { z } from 'zod';
import { UsageError } from '../errors.ts';
import { type NamedEndpoint, urlsOf } from './endpoint.ts';
import { MalformedResponseError, RequestTimeoutError } from './failure.ts';

/** What is read of a chat completion; everything else of the response is kept in the journal as received. */
const ChatCompletion = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({
          content: z.string().nullish(),
          reasoning_content: z.string().nullish(),
          reasoning: z.string().nullish(),
        }),
      }),
    )
    .min(1),
  usage: z
    .object({
      prompt_tokens: z.number(),
      completion_tokens: z.number(),
      prompt_tokens_details: z.object({ cached_tokens: z.number().nullish() }).nullish(),
    })
    .nullish(),
});
export type ChatCompletion = z.infer<typeof ChatCompletion>;

/** A response as received, on one line, and what was read of it. */
export interface ChatResponse {
  raw: string;
  completion: ChatCompletion;
}

/**
 * One transport for all endpoints: connections are kept, and no time limit of its own (undici gives up on headers
 * after 300 s, which a long generation passes).
 */
const dispatcher = new Agent({
  headersTimeout: 0,
  bodyTimeout: 0,
  connections: null,
  pipelining: 1,
});

/** Sends requests to the servers of one endpoint with the `openai` package, whose own retries and timeout are off. */
export class ChatClient {
  readonly #clients: Map<string, OpenAI>;
  readonly #timeoutMs: number;

  /** @throws UsageError when the endpoint names an environment variable for its key that is not set */
  constructor(endpoint: NamedEndpoint) {
    const apiKey = apiKeyOf(endpoint);
    this.#timeoutMs = endpoint.timeout_s * 1000;
    this.#clients = new Map(urlsOf(endpoint).map((url) => [url, newClient(url, apiKey)]));
  }

  /** @throws what classifyFailure reads; an abort of `signal` throws its reason */
  async complete(
    url: string,
    body: Record<string, unknown>,
    signal: AbortSignal,
  ): Promise<ChatResponse> {
    const client = this.#clients.get(url);
    if (client === undefined) throw new Error(`no client for ${url}`);
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), this.#timeoutMs);
    try {
      const either = AbortSignal.any([signal, timeout.signal]);
      const response = await client
        .post('/chat/completions', { body, signal: either })
        .asResponse();
      return readCompletion(decode(await response.arrayBuffer()));
    } catch (error) {
      signal.throwIfAborted();
      if (!timeout.signal.aborted) throw error;
      throw new RequestTimeoutError(`no whole answer within ${this.#timeoutMs / 1000} s`, {
        cause: error,
      });
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Bytes that are no UTF-8 would come out as replacement characters and be trained on. */
function decode(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new MalformedResponseError("the server's answer is not UTF-8", { cause });
  }
}

/** The response's text as a chat completion. */
export function readCompletion(text: string): ChatResponse {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new MalformedResponseError(
      `the server's answer is not JSON: ${JSON.stringify(text.slice(0, 80))}`,
      { cause },
    );
  }
  const completion = ChatCompletion.safeParse(value);
  if (!completion.success) {
    throw new MalformedResponseError(
      `the server's answer is no chat completion: ${completion.error.issues[0]?.message}`,
    );
  }
  return { raw: text.includes('\n') ? JSON.stringify(value) : text, completion: completion.data };
}

function newClient(baseURL: string, apiKey: string): OpenAI {
  return new OpenAI({
    baseURL,
    apiKey,
    maxRetries: 0,
    // The client's own limit only covers the wait for headers; ours covers the whole request.
    timeout: 2 ** 31 - 1,
    fetch: keepAliveFetch,
    logLevel: 'off',
  });
}

// undici's own fetch and the one that openai is typed for differ in their declarations only.
const keepAliveFetch = ((url: string, init: RequestInitOfUndici) =>
  undiciFetch(url, {
    ...init,
    dispatcher,
    redirect: 'error',
  })) as unknown as typeof globalThis.fetch;

/** Servers without keys want the header all the same. */
function apiKeyOf(endpoint: NamedEndpoint): string {
  if (endpoint.api_key_env === undefined) return 'none';
  const key = process.env[endpoint.api_key_env];
  if (key === undefined || key === '') {
    throw new UsageError(
      `endpoint ${endpoint.name} takes its key from the environment variable ${endpoint.api_key_env}, which is not set; export it and run again`,
    );
  }
  return key;
}
