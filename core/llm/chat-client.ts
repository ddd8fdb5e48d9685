import OpenAI, { APIConnectionTimeoutError } from 'openai';
import { z } from 'zod';
import { apiKeyOf } from './api-key.ts';
import { type NamedEndpoint, urlsOf } from './endpoint.ts';
import { MalformedResponseError, RequestTimeoutError } from './failure.ts';
import { wholeFetch } from './whole-fetch.ts';

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
      prompt_tokens_details: z
        .object({ cached_tokens: z.number().nullish() })
        .nullish()
        .catch(null),
      /** DeepSeek's name for the cached ones. */
      prompt_cache_hit_tokens: z.number().nullish().catch(null),
    })
    .nullish()
    // Half a report is none: the tokens are estimated then.
    .catch(null),
});
export type ChatCompletion = z.infer<typeof ChatCompletion>;

/** Some gateways send an error under status 200. */
const ErrorAnswer = z.object({ error: z.object({ message: z.string() }) });

/** A response as received, on one line, and what was read of it. */
export interface ChatResponse {
  raw: string;
  completion: ChatCompletion;
}

/** Sends requests to the servers of one endpoint with the `openai` package, whose own retries are off. */
export class ChatClient {
  readonly #clients: Map<string, OpenAI>;
  readonly #timeoutSeconds: number;

  /** @throws UsageError when the key is not where the endpoint's entry says */
  constructor(endpoint: NamedEndpoint) {
    // Servers without keys want the header all the same.
    const apiKey = apiKeyOf(endpoint) ?? 'none';
    this.#timeoutSeconds = endpoint.timeout_s;
    this.#clients = new Map(
      urlsOf(endpoint).map((url) => [url, newClient(url, apiKey, endpoint.timeout_s)]),
    );
  }

  /**
   * @param signal of this one request: `openai` leaves a listener on it, so a signal that lives longer would grow
   * @throws what classifyFailure reads; an abort of `signal` throws its reason
   */
  async complete(
    url: string,
    body: Record<string, unknown>,
    signal: AbortSignal,
  ): Promise<ChatResponse> {
    const client = this.#clients.get(url);
    if (client === undefined) throw new Error(`no client for ${url}`);
    try {
      const response = await client.post('/chat/completions', { body, signal }).asResponse();
      return readCompletion(await textOf(response));
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof APIConnectionTimeoutError)) throw error;
      throw new RequestTimeoutError(`no whole answer within ${this.#timeoutSeconds} s`, {
        cause: error,
      });
    }
  }
}

/** Bytes that are no UTF-8 would come out as replacement characters and be trained on. */
async function textOf(response: Response): Promise<string> {
  try {
    return await response.text();
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
  const refusal = ErrorAnswer.safeParse(value);
  if (refusal.success) {
    throw new MalformedResponseError(
      `the server answered 200 with an error: ${refusal.data.error.message}`,
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

function newClient(baseURL: string, apiKey: string, timeoutSeconds: number): OpenAI {
  return new OpenAI({
    baseURL,
    apiKey,
    maxRetries: 0,
    // wholeFetch resolves with the whole body, so this limit covers all of it.
    timeout: timeoutSeconds * 1000,
    // Its response has what the client reads of one, and no more.
    fetch: wholeFetch as unknown as typeof globalThis.fetch,
    logLevel: 'off',
  });
}
