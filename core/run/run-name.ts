import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';

/** The folder of a run that --run or an argument names: a path, or a name below runs/. */
export function runFolder(name: string): string {
  if (name.trim() === '') throw new UsageError("a run needs a name, or a path; '' is neither");
  return /[\\/]/.test(name) ? name : join('runs', name);
}

/** @throws UsageError where there is no run of that name */
export async function existingRun(name: string): Promise<string> {
  const folder = runFolder(name);
  const found = await stat(join(folder, 'manifest.json')).catch(() => undefined);
  if (found?.isFile()) return folder;
  throw new UsageError(`${name}: there is no run in ${folder} (no manifest.json)`);
}
