import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import { packageRoot } from '../package-root.ts';

/**
 * The interpreter of a named Python environment under .venvs/: in `folder`, unless given in the current one or else in
 * this package's own, where `scripts/python-env NAME` makes it.
 * @throws UsageError when it is not there
 */
export async function pythonEnv(name: string, folder?: string): Promise<string> {
  const root = packageRoot();
  const folders = folder === undefined ? [process.cwd(), root] : [folder];
  const candidates = folders.map((each) => join(each, '.venvs', name, 'bin', 'python'));
  const found = candidates.find((path) => existsSync(path));
  if (found !== undefined) return found;
  const script = join(root === process.cwd() ? '' : root, 'scripts', 'python-env');
  throw new UsageError(
    `no Python environment ${name} (${[...new Set(candidates)].join(', ')}): run ${script} ${name}`,
  );
}
