import { z } from 'zod';

const number = (schema: z.ZodNumber) => schema.nullable().optional();

/** Sampling as it goes over the wire; a stage's settings override its endpoint's, key by key, and null leaves a key out. */
export const Sampling = z.strictObject({
  temperature: number(z.number().min(0).max(2)),
  top_p: number(z.number().gt(0).max(1)),
  top_k: number(z.number().int()),
  min_p: number(z.number().min(0).max(1)),
  presence_penalty: number(z.number().min(-2).max(2)),
  frequency_penalty: number(z.number().min(-2).max(2)),
  repetition_penalty: number(z.number().gt(0)),
  max_tokens: number(z.number().int().positive()),
  /** What newer OpenAI models want instead of max_tokens. */
  max_completion_tokens: number(z.number().int().positive()),
  seed: number(z.number().int()),
});
export type Sampling = z.infer<typeof Sampling>;

/** Sampling with every key decided: what is sent. */
export type ResolvedSampling = Readonly<Record<string, number>>;

/** Later settings override earlier ones; a key set to null is not sent. */
export function resolveSampling(...settings: Sampling[]): ResolvedSampling {
  // Object.assign gives any for a spread of sources.
  const merged: Sampling = Object.assign({}, ...settings);
  const entries = Object.entries(merged).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number',
  );
  return Object.fromEntries(entries);
}

const BaseUrl = z
  .url({ protocol: /^https?$/ })
  .refine((url) => !/^https?:\/\/[^/]*@/.test(url), {
    message: 'a URL must carry no user or password: they would end in logs; use api_key_env',
  })
  .refine((url) => !/[?#]/.test(url), {
    message: 'a URL must end with its path: what comes after ? or # would not reach the server',
  });

/** The value itself, pasted here by mistake, is seldom a name. */
const VariableName = z.string().regex(/^[A-Za-z_]\w*$/, {
  message: 'the NAME of an environment variable is wanted, not the key itself',
});

/** USD per million tokens; cached input costs as much as other input unless said. */
export const Prices = z.strictObject({
  input: z.number().min(0),
  cached_input: z.number().min(0).optional(),
  output: z.number().min(0),
});
export type Prices = z.infer<typeof Prices>;

const Thinking = z.strictObject({
  enabled: z.boolean(),
  /** What tells this server so, merged into the request's body. */
  body: z.record(z.string(), z.unknown()).default({}),
});

const Concurrency = z
  .strictObject({
    first: z.number().int().positive().default(8),
    highest: z.number().int().positive().default(64),
  })
  .refine(({ first, highest }) => first <= highest, { message: 'first is above highest' });

/** A model behind a URL that speaks OpenAI's chat completions: everything in which providers differ. */
export const Endpoint = z
  .strictObject({
    base_url: z.union([BaseUrl, z.array(BaseUrl).min(1)]),
    model: z.string().min(1),
    api_key_env: VariableName.optional(),
    /** A file that holds the key and nothing else. */
    api_key_file: z.string().min(1).optional(),
    prices: Prices.optional(),
    context_length: z.number().int().positive().optional(),
    sampling: Sampling.default({}),
    structured_output: z.enum(['json_schema', 'json_object', 'none']).default('none'),
    thinking: Thinking.optional(),
    extra_body: z.record(z.string(), z.unknown()).default({}),
    concurrency: Concurrency.prefault({}),
    timeout_s: z.number().positive().default(900),
    /** What a request in a batch costs, of what it costs alone; 0.5 unless given. */
    batch_price_factor: z.number().min(0).max(1).optional(),
    /** Lines and bytes that the provider takes in one batch; 50,000 and 200,000,000 unless given. */
    batch_max_requests: z.number().int().positive().optional(),
    batch_max_bytes: z.number().int().positive().optional(),
  })
  .refine(
    ({ api_key_env, api_key_file }) => api_key_env === undefined || api_key_file === undefined,
    {
      path: ['api_key_file'],
      message: 'api_key_env is given too; one of the two says where the key is',
    },
  );
export type Endpoint = z.infer<typeof Endpoint>;

/** The file configs/endpoints.yaml, or the user's own. */
export const EndpointsFile = z.strictObject({ endpoints: z.record(z.string(), Endpoint) });
export type EndpointsFile = z.infer<typeof EndpointsFile>;

/** An endpoint under the name that flags and provenance use. */
export type NamedEndpoint = Endpoint & { name: string };

export function urlsOf(endpoint: Endpoint): string[] {
  return typeof endpoint.base_url === 'string' ? [endpoint.base_url] : endpoint.base_url;
}
