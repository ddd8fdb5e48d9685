import { UsageError } from '../../core/errors.ts';
import { type NamedEndpoint, resolveSampling, urlsOf } from '../../core/llm/endpoint.ts';
import {
  ENVIRONMENT,
  endpointByName,
  environmentEndpoint,
  loadEndpoints,
} from '../../core/llm/endpoints-file.ts';
import { withKnownModel } from '../../core/llm/server-models.ts';

/** A model that a harness talks to, as its launcher gets it: all but the key. */
export interface Party {
  model: string;
  base_url: string;
  sampling: Record<string, number>;
  extra_body: Record<string, unknown>;
  timeout_s: number;
}

/** The endpoint that a flag names. @throws UsageError for an unknown name */
export async function namedEndpoint(
  flag: string,
  name: string,
  file: string | undefined,
): Promise<NamedEndpoint> {
  if (name !== ENVIRONMENT) return endpointByName(await loadEndpoints(file), name);
  const endpoint = environmentEndpoint();
  if (endpoint !== undefined) return withKnownModel(endpoint);
  throw new UsageError(
    `--${flag} environment: OPENAI_BASE_URL is not set; set it, or name another`,
  );
}

/** What is sent with every request; `temperature` is over the endpoint's own. */
export function partyOf(endpoint: NamedEndpoint, temperature: number | undefined): Party {
  const [url = '', ...others] = urlsOf(endpoint);
  if (others.length > 0)
    throw new UsageError(
      `${endpoint.name} has ${others.length + 1} URLs; the harnesses talk to one: name an endpoint with one URL`,
    );
  return {
    model: endpoint.model,
    base_url: url,
    sampling: resolveSampling(endpoint.sampling, temperature === undefined ? {} : { temperature }),
    extra_body: { ...endpoint.extra_body, ...endpoint.thinking?.body },
    timeout_s: endpoint.timeout_s,
  };
}
