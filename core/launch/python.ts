import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';

/**
 * The interpreter of a named Python environment, which `scripts/python-env NAME` makes under
 * .venvs/ in a folder (the current one unless given). Throws a UsageError when it is not there.
 */
export async function pythonEnv(name: string, folder = process.cwd()): Promise<string> {
  const interpreter = join(folder, '.venvs', name, 'bin', 'python');
  try {
    await access(interpreter);
    return interpreter;
  } catch (cause) {
    throw new UsageError(
      `no Python environment ${name} (${interpreter}): run scripts/python-env ${name}`,
      { cause },
    );
  }
}
