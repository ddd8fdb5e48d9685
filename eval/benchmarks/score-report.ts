import { isDeepStrictEqual } from 'node:util';
import { table } from '../../core/table.ts';
import { differenceLine, differencesAmong, differencesFromPaper } from './differences.ts';
import { measuredWith, type ScoreTable, scoreTables } from './score-tables.ts';
import type { Scores } from './scores.ts';

/** Checkpoints side by side, beside the paper, in both forms. */
export interface ScoreReport {
  text: string[];
  markdown: string;
}

/**
 * Tables and differences of checkpoints; those that were not measured with the same stand apart, and are not compared.
 * @param allOfPaper all rows of the paper's tables
 */
export function scoreReport(checkpoints: readonly Scores[], allOfPaper = false): ScoreReport {
  const { parts, apart } = scoreParts(checkpoints, allOfPaper);
  const text = parts.flatMap(({ tables, differences }) => [
    ...tables.flatMap((one) => [one.title, ...table(one.rows), ...one.notes, '']),
    ...section(DIFFERENCES_TITLE, differences),
  ]);
  const markdown = parts.flatMap(({ tables, differences }) => [
    ...tables.map(markdownTable),
    ...list(DIFFERENCES_TITLE, differences),
  ]);
  return {
    text: [...text, ...apart],
    markdown: `${['# Benchmarks', ...markdown, ...apart].join('\n\n')}\n`,
  };
}

/** What stands over the lines of differences. */
export const DIFFERENCES_TITLE = 'Differences in points, with 95% intervals';

/** Tables and lines of differences of checkpoints that were measured with the same. */
interface ScorePart {
  tables: ScoreTable[];
  differences: string[];
}

/** Checkpoints by what they were measured with, and a sentence where that is not one and the same. */
export function scoreParts(
  checkpoints: readonly Scores[],
  allOfPaper: boolean,
): { parts: ScorePart[]; apart: string[] } {
  const parts = comparable(checkpoints).map((alike) => ({
    tables: scoreTables(alike, allOfPaper),
    differences: [...differencesAmong(alike), ...alike.flatMap(differencesFromPaper)].map(
      differenceLine,
    ),
  }));
  return { parts, apart: parts.length > 1 ? [apartNote(checkpoints)] : [] };
}

function comparable(checkpoints: readonly Scores[]): Scores[][] {
  const alike: Scores[][] = [];
  for (const scores of checkpoints) {
    const found = alike.find(([first]) =>
      isDeepStrictEqual(first?.measured_with, scores.measured_with),
    );
    if (found === undefined) alike.push([scores]);
    else found.push(scores);
  }
  return alike;
}

function apartNote(checkpoints: readonly Scores[]): string {
  const ways = [...new Set(checkpoints.map(measuredWith))];
  return `These were measured in ${ways.length} ways that do not compare: ${ways.join(' | ')}.`;
}

function section(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines, ''];
}

function list(title: string, lines: string[]): string[] {
  return lines.length === 0
    ? []
    : [`**${title}**`, lines.map((line) => `- ${plain(line)}`).join('\n')];
}

function markdownTable({ title, rows, notes }: ScoreTable): string {
  const [head = [], ...body] = rows;
  const line = (cells: string[]) => `| ${cells.map(plain).join(' | ')} |`;
  const rule = `| ${head.map((_, index) => (index === 0 ? '---' : '---:')).join(' | ')} |`;
  const whole = [
    `## ${plain(title)}`,
    [line(head), rule, ...body.map(line)].join('\n'),
    ...notes.map(plain),
  ];
  return whole.join('\n\n');
}

/** Labels are the user's own words. */
function plain(text: string): string {
  return text.replace(/[\\|`*_<>[\]]/g, (mark) => `\\${mark}`);
}
