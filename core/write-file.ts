import { open, rename, rm } from 'node:fs/promises';

/**
 * Replaces a file as a whole: readers see the old text or the new one, also after a crash.
 * @throws the system's error (a full disk, a folder that is gone); the old text is there still, and nothing beside it
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeWhole(temporary, text);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

async function writeWhole(path: string, text: string): Promise<void> {
  const handle = await open(path, 'w');
  try {
    await handle.writeFile(text);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}
