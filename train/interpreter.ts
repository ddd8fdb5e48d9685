import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from '../core/errors.ts';
import type { Cluster } from '../core/launch/cluster.ts';
import { pythonEnv } from '../core/launch/python.ts';
import { packageRoot } from '../core/package-root.ts';
import type { Recipe } from './recipe.ts';

/**
 * The Python that a training runs on: what the recipe names for its trainer, else on a cluster what its venv or
 * container brings, else the environment that has the trainer's name, under .venvs here or in this package.
 * @throws UsageError when it is not there
 */
export async function interpreterOf(recipe: Recipe, cluster?: Cluster): Promise<string> {
  const named = recipe.python[recipe.trainer];
  if (named?.includes('/')) return atPath(named);
  const isClusters = cluster?.venv !== undefined || cluster?.container !== undefined;
  if (named === undefined && isClusters) return 'python';
  if (named !== undefined) requireKnown(named);
  return resolve(await pythonEnv(named ?? recipe.trainer));
}

/** An environment of the user's own making under .venvs is as good as one of those that have their pins here. */
function requireKnown(name: string): void {
  const pins = join(packageRoot(), 'configs', 'python');
  const made = [join('.venvs', name), join(packageRoot(), '.venvs', name)];
  if ([...made, join(pins, `${name}.txt`)].some((path) => existsSync(path))) return;
  const known = readdirSync(pins).map((file) => file.replace(/\.txt$/, ''));
  throw new UsageError(
    `python: ${name}: there is no such environment; scripts/python-env makes ${known.join(', ')}, and a path with a slash names your own`,
  );
}

function atPath(path: string): string {
  if (!existsSync(path))
    throw new UsageError(`python: ${path}: there is no such environment or program`);
  // Not resolved through links: an environment's python is a link, and knows itself by its own path.
  if (!statSync(path).isDirectory()) return resolve(path);
  const program = join(path, 'bin', 'python');
  if (existsSync(program)) return resolve(program);
  throw new UsageError(`python: ${path} is no Python environment (it has no bin/python)`);
}
