import { readFileSync } from 'node:fs';
import { errorMessage, UsageError } from '../errors.ts';
import { keepSecret } from '../secrets.ts';
import type { Endpoint } from './endpoint.ts';

/** What an endpoint's entry says of its key: where it is, never what it is. */
type KeyPlace = Pick<Endpoint, 'api_key_env' | 'api_key_file'> & { name: string };

/**
 * The key of an endpoint, from the environment variable or the file that its entry names; undefined where it names none.
 * Every later message of this process leaves the key out.
 * @throws UsageError when the variable is not set, the file cannot be read, or what they hold is no key
 */
export function apiKeyOf(endpoint: KeyPlace): string | undefined {
  const { name, api_key_env: variable, api_key_file: file } = endpoint;
  if (variable === undefined && file === undefined) return undefined;
  const [text, place] =
    variable === undefined
      ? [keyInFile(name, file ?? ''), `the file ${file}`]
      : [keyInEnvironment(name, variable), `the environment variable ${variable}`];
  const key = text.trim();
  keepSecret(key);
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new UsageError(
    `endpoint ${name} takes its key from ${place}, which holds no key (one line of printable characters without spaces)`,
  );
}

/** Where an endpoint's key comes from, for advice; '' where it has none. */
export function keyPlaceOf({ api_key_env: variable, api_key_file: file }: Endpoint): string {
  if (variable !== undefined) return ` and the key in ${variable}`;
  return file === undefined ? '' : ` and the key in ${file}`;
}

function keyInEnvironment(name: string, variable: string): string {
  const key = process.env[variable];
  if (key !== undefined && key.trim() !== '') return key;
  throw new UsageError(
    `endpoint ${name} takes its key from the environment variable ${variable}, which is not set; export it and run again`,
  );
}

function keyInFile(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UsageError(
      `endpoint ${name} takes its key from the file ${file}, which cannot be read: ${errorMessage(cause)}`,
      { cause },
    );
  }
}
