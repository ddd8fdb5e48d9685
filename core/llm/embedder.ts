import OpenAI, { APIError } from 'openai';
import { z } from 'zod';
import { errorMessage, UsageError } from '../errors.ts';
import { sha256 } from '../hash.ts';
import { apiKeyOf } from './api-key.ts';
import { EmbeddingCache } from './embedding-cache.ts';
import { type NamedEndpoint, urlsOf } from './endpoint.ts';
import { wholeFetch } from './whole-fetch.ts';

/** Turns texts into vectors of length one, whose product is the cosine. */
export interface Embedder {
  embed(texts: readonly string[]): Promise<Float32Array[]>;
  /** Writes the cache out. */
  close(): Promise<void>;
}

/** Texts sent in one request. */
const BATCH = 64;

/** Of a text; most embedding models read some 512 to 8,192 tokens. */
const CHARACTERS = 6000;

const EmbeddingAnswer = z.object({
  data: z.array(z.object({ index: z.number().int(), embedding: z.array(z.number()).min(1) })),
});

/**
 * Asks an endpoint's OpenAI-compatible /embeddings (its first URL), 64 texts a request, each text cut after
 * 6,000 characters. Vectors are kept in a file by model and text, so a second run asks for new texts alone.
 * @throws UsageError when the key is not where the endpoint's entry says
 */
export async function createEmbedder(endpoint: NamedEndpoint, cache: string): Promise<Embedder> {
  const client = newClient(endpoint);
  const kept = await EmbeddingCache.open(cache);
  return {
    embed: async (texts) => {
      const cut = texts.map((text) => text.slice(0, CHARACTERS));
      const keys = cut.map((text) => sha256(`${endpoint.model}\n${text}`));
      const missing = new Map(
        keys.flatMap((key, index) => (kept.has(key) ? [] : [[key, cut[index] ?? '']])),
      );
      for (const batch of batches([...missing])) {
        const vectors = await ask(
          client,
          endpoint,
          batch.map(([, text]) => text),
        );
        await Promise.all(batch.map(([key], index) => kept.put(key, vectors[index] ?? [])));
      }
      return Promise.all(keys.map(async (key) => unitVector(await kept.get(key))));
    },
    close: () => kept.close(),
  };
}

function newClient(endpoint: NamedEndpoint): OpenAI {
  return new OpenAI({
    baseURL: urlsOf(endpoint)[0] ?? null,
    apiKey: apiKeyOf(endpoint) ?? 'none',
    timeout: endpoint.timeout_s * 1000,
    maxRetries: 4,
    // Unlike Node's own, it follows no redirect. Its response has what the client reads of one.
    fetch: wholeFetch as unknown as typeof globalThis.fetch,
    logLevel: 'off',
  });
}

/** The vectors of a batch, in its order. */
async function ask(
  client: OpenAI,
  { name, model, extra_body }: NamedEndpoint,
  input: string[],
): Promise<number[][]> {
  const where = `endpoint ${name}, model ${model}`;
  // Without encoding_format the client asks for base64, which some servers ignore and it then misreads.
  const body = { ...extra_body, model, input, encoding_format: 'float' as const };
  const raw: unknown = await client.embeddings.create(body).catch((error: unknown) => {
    const status: unknown = error instanceof APIError ? error.status : undefined;
    const refused = typeof status === 'number' && status >= 400 && status < 500 && status !== 429;
    const text = `no embeddings from ${where}: ${errorMessage(error)}`;
    throw refused ? new UsageError(text, { cause: error }) : new Error(text, { cause: error });
  });
  const answer = EmbeddingAnswer.safeParse(raw);
  if (!answer.success)
    throw new Error(`${where}: the answer holds no embeddings`, { cause: answer.error });
  const vectors = answer.data.data.toSorted((a, b) => a.index - b.index);
  if (vectors.length !== input.length || vectors.some(({ index }, place) => index !== place))
    throw new Error(`${where}: ${vectors.length} embeddings for ${input.length} texts`);
  return vectors.map(({ embedding }) => embedding);
}

function unitVector(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}

function batches<T>(list: readonly T[]): T[][] {
  const count = Math.ceil(list.length / BATCH);
  return Array.from({ length: count }, (_, index) =>
    list.slice(index * BATCH, (index + 1) * BATCH),
  );
}
