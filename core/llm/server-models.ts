import OpenAI from 'openai';
import { UsageError } from '../errors.ts';
import { apiKeyOf } from './api-key.ts';
import { type NamedEndpoint, urlsOf } from './endpoint.ts';
import { MODEL_TO_BE_ASKED } from './endpoints-file.ts';
import { classifyFailure } from './failure.ts';
import { wholeFetch } from './whole-fetch.ts';

const PATIENCE_MS = 15_000;

/** The models that a server lists at /models. */
export async function listModels(
  endpoint: NamedEndpoint,
  url = urlsOf(endpoint)[0] ?? '',
): Promise<string[]> {
  const client = new OpenAI({
    baseURL: url,
    apiKey: apiKeyOf(endpoint) ?? 'none',
    maxRetries: 0,
    timeout: PATIENCE_MS,
    // Unlike Node's own, it follows no redirect. Its response has what the client reads of one.
    fetch: wholeFetch as unknown as typeof globalThis.fetch,
    logLevel: 'off',
  });
  const page = await client.models.list();
  return page.data.map(({ id }) => id);
}

/**
 * Fills in the model where only the server's address is known.
 * @throws UsageError when the server has none or several, or cannot be asked
 */
export async function withKnownModel(endpoint: NamedEndpoint): Promise<NamedEndpoint> {
  if (endpoint.model !== MODEL_TO_BE_ASKED) return endpoint;
  const models = await listModels(endpoint).catch((cause: unknown) => {
    const url = urlsOf(endpoint).join(', ');
    throw new UsageError(
      `${url} was asked for its models: ${classifyFailure(cause).reason}; check OPENAI_BASE_URL${versionHint(url)} and OPENAI_API_KEY, or set OPENAI_MODEL`,
      { cause },
    );
  });
  const [only, ...others] = models;
  if (only !== undefined && others.length === 0) return { ...endpoint, model: only };
  throw new UsageError(
    models.length === 0
      ? 'the server of OPENAI_BASE_URL lists no model; set OPENAI_MODEL'
      : `the server of OPENAI_BASE_URL has ${models.length} models; set OPENAI_MODEL to one of ${models.slice(0, 8).join(', ')}`,
  );
}

const versionHint = (url: string): string =>
  /\/v\d+\/?$/.test(url) ? '' : ' (most end in /v1; this one does not)';
