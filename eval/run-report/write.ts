import { join } from 'node:path';
import { replaceFile } from '../../core/write-file.ts';
import { renderHtml } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import { measureRun } from './measure.ts';

/**
 * Writes report.html, report.md and report.json into a run's folder, each as a whole.
 * @returns their paths, the page first
 * @throws what measureRun throws
 */
export async function writeRunReport(folder: string): Promise<string[]> {
  const report = await measureRun(folder);
  const files: [string, string][] = [
    ['report.html', renderHtml(report)],
    ['report.md', renderMarkdown(report)],
    ['report.json', `${JSON.stringify(report, null, 2)}\n`],
  ];
  for (const [name, text] of files) await replaceFile(join(folder, name), text);
  return files.map(([name]) => join(folder, name));
}
