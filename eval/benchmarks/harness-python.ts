import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import { pythonEnv } from '../../core/launch/python.ts';

/**
 * The interpreter that has a harness: the one given, else that of the named environment, here or beside the package.
 * @throws UsageError that says how to install it
 */
export async function harnessPython(
  environment: string,
  given: string | undefined,
): Promise<string> {
  if (given === undefined) return pythonEnv(environment);
  const found = await stat(given).catch(() => undefined);
  if (found?.isFile()) return resolve(given);
  throw new UsageError(`--python ${given} is not there; leave it out to use .venvs/${environment}`);
}
