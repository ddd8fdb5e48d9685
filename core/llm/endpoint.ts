import { z } from 'zod';

/** Sampling as it goes over the wire; a stage's settings override its endpoint's, key by key. */
export const Sampling = z.strictObject({
  temperature: z.number().min(0).max(2).optional(),
  top_p: z.number().gt(0).max(1).optional(),
  top_k: z.number().int().optional(),
  min_p: z.number().min(0).max(1).optional(),
  presence_penalty: z.number().min(-2).max(2).optional(),
  frequency_penalty: z.number().min(-2).max(2).optional(),
  repetition_penalty: z.number().gt(0).optional(),
  max_tokens: z.number().int().positive().optional(),
  seed: z.number().int().optional(),
});
export type Sampling = z.infer<typeof Sampling>;

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
export const Endpoint = z.strictObject({
  base_url: z.union([z.url(), z.array(z.url()).min(1)]),
  model: z.string().min(1),
  api_key_env: z.string().min(1).optional(),
  prices: Prices.optional(),
  context_length: z.number().int().positive().optional(),
  sampling: Sampling.default({}),
  structured_output: z.enum(['json_schema', 'json_object', 'none']).default('none'),
  thinking: Thinking.optional(),
  extra_body: z.record(z.string(), z.unknown()).default({}),
  concurrency: Concurrency.prefault({}),
  timeout_s: z.number().positive().default(900),
});
export type Endpoint = z.infer<typeof Endpoint>;

/** The file configs/endpoints.yaml, or the user's own. */
export const EndpointsFile = z.strictObject({ endpoints: z.record(z.string(), Endpoint) });
export type EndpointsFile = z.infer<typeof EndpointsFile>;

/** An endpoint under the name that flags and provenance use. */
export type NamedEndpoint = Endpoint & { name: string };

export function urlsOf(endpoint: Endpoint): string[] {
  return typeof endpoint.base_url === 'string' ? [endpoint.base_url] : endpoint.base_url;
}
