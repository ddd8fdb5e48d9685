import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandResult } from '../helpers/command.ts';

/** The part of the key that no other text has, in whatever form the key is repeated. */
const MARK = 'marked7f3a91c2';
/** With signs that JSON and URLs write in another way. */
export const KEY = `sk-${MARK}+/="'\\x`;

/** Where the key stands: in what a command printed, or in a file below a folder. */
export async function leaks(folder: string, results: readonly CommandResult[]): Promise<string[]> {
  const printed = results.flatMap(({ stdout, stderr }) => [stdout, stderr]);
  const found = printed.filter(hasKey).map((text) => `printed: ${text}`);
  for (const path of await filesBelow(folder))
    if (hasKey(await readFile(path, 'latin1'))) found.push(path);
  return found;
}

const ENCODED = Buffer.from(KEY).toString('base64').slice(0, 16);

const hasKey = (text: string): boolean => text.includes(MARK) || text.includes(ENCODED);

/** All files below a folder, links not followed. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}
