import { writeReportFiles } from '../write-files.ts';
import type { ExperimentReport } from './experiment-report.ts';

/**
 * Writes report.html, report.md and report.json of an experiment into a folder, which is made where it is not there.
 * @returns their paths, the page first
 */
export async function writeExperiment(out: string, report: ExperimentReport): Promise<string[]> {
  // Drawing takes a library that loads slowly: not before a page is written.
  const { experimentHtml, experimentMarkdown } = await import('./render.ts');
  return writeReportFiles(out, {
    html: experimentHtml(report),
    markdown: experimentMarkdown(report),
    data: report,
  });
}
