import { createReadStream, existsSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { journalFiles } from '../../llm/journal-files.ts';
import { ByteFile } from './byte-file.ts';
import type { Part } from './parts.ts';

/**
 * Makes the journal of a merged run. A journal is several times as long as the rows, so that it only refers to the
 * parts' own, a line each, unless they are to be copied; the system messages in prompts/ go with a copy.
 * @param folder the merged run's, from which the parts are seen
 * @param made where its files are made
 */
export async function joinJournals(
  parts: readonly Part[],
  folder: string,
  made: string,
  copy: boolean,
): Promise<void> {
  const journal = await ByteFile.create(join(made, 'journal.jsonl'));
  try {
    for (const part of parts) {
      for (const path of await journalFiles(join(part.folder, 'journal.jsonl'))) {
        if (!existsSync(path)) continue;
        if (copy) {
          await copyWholeLines(path, journal);
          await copyPrompts(dirname(path), made);
        } else {
          const see = relative(resolve(folder), resolve(path));
          await journal.write(Buffer.from(`${JSON.stringify({ see })}\n`));
        }
      }
    }
  } finally {
    await journal.close();
  }
}

/** A last line that a kill cut short is left out. */
async function copyWholeLines(path: string, journal: ByteFile): Promise<void> {
  let rest: Buffer[] = [];
  for await (const block of createReadStream(path, { highWaterMark: 1 << 20 })) {
    if (!Buffer.isBuffer(block)) throw new TypeError('a stream without an encoding gives bytes');
    const end = block.lastIndexOf(10) + 1;
    if (end > 0) {
      for (const piece of rest) await journal.write(piece);
      await journal.write(block.subarray(0, end));
      rest = [];
    }
    if (end < block.length) rest.push(block.subarray(end));
  }
}

/** Named by their hashes: what two parts have in common is the same file. */
async function copyPrompts(from: string, made: string): Promise<void> {
  const prompts = join(from, 'prompts');
  if (existsSync(prompts)) await cp(prompts, join(made, 'prompts'), { recursive: true });
}
