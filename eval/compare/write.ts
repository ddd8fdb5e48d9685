import { join } from 'node:path';
import { replaceFile } from '../../core/write-file.ts';
import { comparisonBlocks } from './blocks.ts';
import type { Comparison } from './comparison.ts';
import { blockMarkdown } from './markdown.ts';
import { makeOutFolder } from './out-folder.ts';

/**
 * Writes compare.md and compare.json into a folder, each as a whole.
 * @returns their paths
 * @throws UsageError where the folder cannot be made
 */
export async function writeComparison(folder: string, comparison: Comparison): Promise<string[]> {
  await makeOutFolder(folder);
  const files: [string, string][] = [
    ['compare.md', blockMarkdown(comparisonBlocks(comparison, { all: true }))],
    ['compare.json', `${JSON.stringify(comparison, null, 2)}\n`],
  ];
  for (const [name, text] of files) await replaceFile(join(folder, name), text);
  return files.map(([name]) => join(folder, name));
}
