import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import { notMerged, shardsIn } from './shard.ts';

/**
 * The folder of a run that --run or an argument names: a path (it has a slash), or a name below runs/.
 * @throws UsageError for what is neither
 */
export function runFolder(name: string): string {
  if (name.trim() === '' || name.includes('\0') || name === '.' || name === '..')
    throw new UsageError(
      `a run needs a name, or a path such as ./here; ${JSON.stringify(name)} is neither`,
    );
  return /[\\/]/.test(name) ? name : join('runs', name);
}

/** @throws UsageError where there is no run of that name */
export async function existingRun(name: string): Promise<string> {
  const folder = runFolder(name);
  const found = await stat(join(folder, 'manifest.json')).catch(() => undefined);
  if (found?.isFile()) return folder;
  if (shardsIn(folder).length > 0) throw new UsageError(notMerged(folder));
  throw new UsageError(
    `${name}: there is no run in ${folder} (no manifest.json)${await pathHint(name)}`,
  );
}

/** A name is looked for below runs/ only; who means a folder of that name here has to write it as a path. */
async function pathHint(name: string): Promise<string> {
  if (runFolder(name) === name) return '';
  const here = await stat(join(name, 'manifest.json')).catch(() => undefined);
  return here?.isFile() === true ? `; for the folder ${name} here, write ./${name}` : '';
}
