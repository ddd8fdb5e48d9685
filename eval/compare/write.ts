import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorMessage, UsageError } from '../../core/errors.ts';
import { replaceFile } from '../../core/write-file.ts';
import { comparisonBlocks } from './blocks.ts';
import type { Comparison } from './comparison.ts';
import { blockMarkdown } from './markdown.ts';

/**
 * Writes compare.md and compare.json into a folder, each as a whole.
 * @returns their paths
 * @throws UsageError where the folder cannot be made
 */
export async function writeComparison(folder: string, comparison: Comparison): Promise<string[]> {
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw new UsageError(`--out ${folder} cannot be made: ${errorMessage(cause)}`, { cause });
  });
  const files: [string, string][] = [
    ['compare.md', blockMarkdown(comparisonBlocks(comparison, { all: true }))],
    ['compare.json', `${JSON.stringify(comparison, null, 2)}\n`],
  ];
  for (const [name, text] of files) await replaceFile(join(folder, name), text);
  return files.map(([name]) => join(folder, name));
}
