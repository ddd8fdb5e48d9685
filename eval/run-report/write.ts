import { renderMarkdown } from './markdown.ts';
import { measureRun } from './measure.ts';
import { writeReportFiles } from './write-files.ts';

/**
 * Writes report.html, report.md and report.json of a run, each as a whole.
 * @param out where they go; the run's own folder unless given
 * @returns their paths, the page first
 * @throws what measureRun throws
 */
export async function writeRunReport(folder: string, out = folder): Promise<string[]> {
  const report = await measureRun(folder);
  // Drawing takes a library that loads slowly: not before a page is written.
  const { renderHtml } = await import('./html.ts');
  return writeReportFiles(out, {
    html: renderHtml(report),
    markdown: renderMarkdown(report),
    data: report,
  });
}
