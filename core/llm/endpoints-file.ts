import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import { packageRoot } from '../package-root.ts';
import { withoutSecrets } from '../secrets.ts';
import { readYaml } from '../yaml.ts';
import { Endpoint, EndpointsFile, type NamedEndpoint, urlsOf } from './endpoint.ts';

/** The endpoints a user can name, and the file they come from. */
export interface KnownEndpoints {
  file: string;
  endpoints: Record<string, Endpoint>;
}

/**
 * Reads the endpoints file: the one given, else endpoints.yaml or configs/endpoints.yaml here, else the shipped one.
 * @throws UsageError naming file, line and key
 */
export async function loadEndpoints(given: string | undefined): Promise<KnownEndpoints> {
  const shipped = join(packageRoot(), 'configs', 'endpoints.yaml');
  const file =
    given ??
    ['endpoints.yaml', join('configs', 'endpoints.yaml')].find((path) => existsSync(path)) ??
    shipped;
  const { endpoints } = await readYaml(file, EndpointsFile);
  return { file, endpoints };
}

/** @throws UsageError that lists the known names */
export function endpointByName({ file, endpoints }: KnownEndpoints, name: string): NamedEndpoint {
  const endpoint = Object.hasOwn(endpoints, name) ? endpoints[name] : undefined;
  if (endpoint !== undefined)
    return requireHttp({ ...endpoint, name }, `${file}, ${name}.base_url`);
  throw new UsageError(
    `there is no endpoint ${JSON.stringify(name)} in ${file}; it has ${Object.keys(endpoints).join(', ')}`,
  );
}

/** The endpoint that OPENAI_BASE_URL, OPENAI_API_KEY and OPENAI_MODEL describe; undefined where the first two are not set. */
export function environmentEndpoint(): NamedEndpoint | undefined {
  const { OPENAI_BASE_URL: url, OPENAI_API_KEY: key, OPENAI_MODEL: model } = process.env;
  if (!url && !key) return undefined;
  const endpoint = Endpoint.safeParse({
    base_url: url || OPENAI_URL,
    model: model || MODEL_TO_BE_ASKED,
    ...(key ? { api_key_env: 'OPENAI_API_KEY' } : {}),
  });
  if (endpoint.success)
    return requireHttp({ ...endpoint.data, name: ENVIRONMENT }, 'OPENAI_BASE_URL');
  throw notHttp('OPENAI_BASE_URL', url);
}

/** The name of the endpoint that the environment describes. */
export const ENVIRONMENT = 'environment';

/** `localhost:8000/v1` is a URL too, of the scheme `localhost`. */
function requireHttp(endpoint: NamedEndpoint, where: string): NamedEndpoint {
  const other = urlsOf(endpoint).find((url) => !/^https?:$/.test(new URL(url).protocol));
  if (other === undefined) return endpoint;
  throw notHttp(where, other);
}

function notHttp(where: string, url: string | undefined): UsageError {
  return new UsageError(
    `${where} is ${withoutSecrets(JSON.stringify(url))}; it must be a URL such as http://localhost:8000/v1`,
  );
}

/** Stands for the model where OPENAI_MODEL is not set: the server's only model is meant. */
export const MODEL_TO_BE_ASKED = '?';

const OPENAI_URL = 'https://api.openai.com/v1';
