import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, errorMessage, UsageError } from '../core/errors.ts';
import { readDatasetManifest } from './dataset-manifest.ts';

/**
 * Makes sure that a folder may take a dataset: a new or empty one, one that an interrupted `distill` left, or one whose
 * dataset is to be replaced; nothing is taken away yet.
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
}

/** Takes away what an earlier `distill` left in a folder that was claimed, but for the files that are the new one's. */
export async function clearFolder(folder: string, but: readonly string[]): Promise<void> {
  for (const entry of await readdir(folder)) {
    if (!but.includes(entry)) await rm(join(folder, entry), { recursive: true, force: true });
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
