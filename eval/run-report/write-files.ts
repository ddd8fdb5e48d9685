import { join } from 'node:path';
import { replaceFile } from '../../core/write-file.ts';
import { makeOutFolder } from '../compare/out-folder.ts';

/** A report in its three forms. */
interface ReportForms {
  html: string;
  markdown: string;
  data: unknown;
}

/**
 * Writes report.html, report.md and report.json into a folder, each as a whole; the folder is made where it is not there.
 * @returns their paths, the page first
 * @throws UsageError where the folder cannot be made
 */
export async function writeReportFiles(
  folder: string,
  { html, markdown, data }: ReportForms,
): Promise<string[]> {
  await makeOutFolder(folder);
  const files: [string, string][] = [
    ['report.html', html],
    ['report.md', markdown],
    ['report.json', `${JSON.stringify(data, null, 2)}\n`],
  ];
  for (const [name, text] of files) await replaceFile(join(folder, name), text);
  return files.map(([name]) => join(folder, name));
}
