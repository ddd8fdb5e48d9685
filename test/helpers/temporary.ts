import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';

/** A new empty folder, removed after the test that asks for it. */
export async function temporaryFolder(): Promise<string> {
  const folder = await newFolder();
  onTestFinished(() => remove(folder));
  return folder;
}

/** A new empty folder for a `beforeAll`, removed after the last test of the file. */
export async function sharedFolder(): Promise<string> {
  const folder = await newFolder();
  folders.push(folder);
  return folder;
}

const folders: string[] = [];
afterAll(() => Promise.all(folders.splice(0).map(remove)));

function newFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'gem-traj-'));
}

function remove(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
