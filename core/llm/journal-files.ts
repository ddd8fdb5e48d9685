import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../errors.ts';
import { readJsonl } from '../jsonl-read.ts';

/** A line by which a merged run's journal refers to the journal of one of its parts, as seen from its folder. */
const Link = z.strictObject({ see: z.string().min(1) });

/**
 * The files that hold a journal's lines: itself, or those that it refers to.
 * @throws UsageError for a file that it refers to and that is gone
 */
export async function journalFiles(path: string): Promise<string[]> {
  const links = await linksIn(path);
  if (links.length === 0) return [path];
  const files: string[] = [];
  for (const { see } of links) {
    const file = join(dirname(path), see);
    if (!existsSync(file))
      throw new UsageError(
        `${path} refers to ${file}, which is gone: bring it back, or take its line out to do without its answers`,
      );
    files.push(...(await journalFiles(file)));
  }
  return files;
}

/** Only a journal whose first line is a link has any. */
async function linksIn(path: string): Promise<z.infer<typeof Link>[]> {
  const links: z.infer<typeof Link>[] = [];
  if (!existsSync(path) || !(await beginsWithLink(path))) return links;
  for await (const { value } of readJsonl(path)) links.push(Link.parse(value));
  return links;
}

async function beginsWithLink(path: string): Promise<boolean> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(BEGINNING.length),
      0,
      BEGINNING.length,
      0,
    );
    return buffer.toString('latin1', 0, bytesRead) === BEGINNING;
  } finally {
    await handle.close();
  }
}

const BEGINNING = '{"see":';
