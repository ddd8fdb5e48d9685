import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, errorMessage, UsageError } from '../core/errors.ts';
import { readDatasetManifest, writeDatasetManifest } from './dataset-manifest.ts';

/**
 * Makes a folder ready for a dataset: a new or empty one, or one whose earlier dataset is to go. What an interrupted
 * `distill` left there is cleared away.
 * @param replace whether a whole dataset that is there may be replaced
 * @throws UsageError when the folder holds something else, or a dataset that is not to be replaced
 */
export async function claimFolder(folder: string, replace: boolean): Promise<void> {
  const entries = await listOrMake(folder);
  if (entries.length === 0) return;
  const manifest = await readDatasetManifest(folder);
  if (manifest === undefined)
    throw new UsageError(
      `--out ${folder} holds other things (${named(entries)}); give a folder that is new or empty`,
    );
  if (manifest.state === 'finished' && !replace)
    throw new UsageError(
      `--out ${folder} holds a dataset of ${manifest.created_at} with ${manifest.kept} rows; give another folder, or --replace to make it anew`,
    );
  // A stop in between leaves a folder that is known as ours and as not whole.
  await writeDatasetManifest(folder, { ...manifest, state: 'writing' });
  for (const entry of entries) {
    if (entry !== 'manifest.json') await rm(join(folder, entry), { recursive: true, force: true });
  }
}

async function listOrMake(folder: string): Promise<string[]> {
  try {
    await mkdir(folder, { recursive: true });
    return await readdir(folder);
  } catch (cause) {
    const known = ['EEXIST', 'ENOTDIR', 'EACCES', 'EPERM', 'EROFS'].includes(
      errorCode(cause) ?? '',
    );
    if (!known) throw cause;
    throw new UsageError(
      `--out ${folder} cannot be used: ${errorMessage(cause)}; give a folder that can be written`,
      { cause },
    );
  }
}

function named(entries: string[]): string {
  const first = entries.slice(0, 3).join(', ');
  return entries.length > 3 ? `${first}, ... ${entries.length} in all` : first;
}
