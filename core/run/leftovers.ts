import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What replaceFile and the lock call their unfinished files. */
const UNFINISHED = /\.\d+(\.[a-z\d]+)?\.tmp$/;
const HOUR_MS = 3_600_000;

/** Removes the unfinished files that killed processes left in a run folder; only for who holds its lock. */
export async function removeLeftovers(folder: string): Promise<void> {
  for (const place of [folder, join(folder, 'prompts')]) {
    const names = await readdir(place).catch(() => []);
    for (const name of names.filter((one) => UNFINISHED.test(one))) {
      const path = join(place, name);
      if (!name.startsWith('lock.') || (await isOld(path))) await rm(path, { force: true });
    }
  }
}

/** Others who ask for the lock at this moment have files of that kind too. */
async function isOld(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > HOUR_MS;
}
