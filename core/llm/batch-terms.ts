import type { NamedEndpoint } from './endpoint.ts';

/** What a provider takes in one batch. */
export interface BatchLimits {
  requests: number;
  bytes: number;
}

/** OpenAI's limits unless the endpoint's entry says otherwise. */
export function batchLimits(endpoint: NamedEndpoint): BatchLimits {
  const { batch_max_requests: requests = 50_000, batch_max_bytes: bytes = 200_000_000 } = endpoint;
  return { requests, bytes };
}

/** The endpoint with the prices that hold in a batch. */
export function batchPriced(endpoint: NamedEndpoint): NamedEndpoint {
  const { prices, batch_price_factor: factor = 0.5 } = endpoint;
  if (prices === undefined) return endpoint;
  const { input, cached_input, output } = prices;
  return {
    ...endpoint,
    prices: {
      input: input * factor,
      ...(cached_input === undefined ? {} : { cached_input: cached_input * factor }),
      output: output * factor,
    },
  };
}
