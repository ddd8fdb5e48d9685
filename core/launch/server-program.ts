import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import { packageRoot } from '../package-root.ts';
import type { ServerType } from './servers/kinds.ts';

/**
 * The program of a server: of the environment that is named (one under .venvs, or a folder), else on PATH, else of
 * the project's own environment for it.
 * @throws UsageError that says how to install it
 */
export async function findServerProgram(
  { title, program, environment, install }: ServerType,
  named: string | undefined,
): Promise<string> {
  const places =
    named === undefined
      ? [...onPath(), ...(environment === null ? [] : venvs(environment))]
      : [join(resolve(named), 'bin'), ...(named.includes('/') ? [] : venvs(named))];
  for (const place of places) {
    const path = join(place, program);
    if (await isProgram(path)) return path;
  }
  throw new UsageError(
    named === undefined
      ? `${title} is not installed: there is no ${program} on PATH; ${install}, or name its environment with --env`
      : `--env ${named}: there is no ${program} in ${places.join(' or ')}; ${install}`,
  );
}

const onPath = (): string[] => (process.env.PATH ?? '').split(delimiter).filter(Boolean);

const venvs = (name: string): string[] =>
  [process.cwd(), packageRoot()].map((folder) => join(folder, '.venvs', name, 'bin'));

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
