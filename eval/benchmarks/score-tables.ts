import { PAPER_RESULTS } from './paper-results.ts';
import type { Figure, Scores } from './scores.ts';

/** A table of checkpoints beside the paper's rows, for text and for Markdown. */
export interface ScoreTable {
  title: string;
  /** The first row is the heading. */
  rows: string[][];
  /** What must be known to read it. */
  notes: string[];
}

/**
 * The tables of checkpoints that were measured with the same: one for BFCL, one a domain for tau2. Figures in percent
 * with standard errors.
 * @param allOfPaper all rows of the paper's table, not only the base models, GEM and its synthesizers
 */
export function scoreTables(checkpoints: readonly Scores[], allOfPaper: boolean): ScoreTable[] {
  const groups = [
    ...new Set(checkpoints.flatMap(({ figures }) => figures.map((one) => one.group))),
  ];
  return groups.map((group) => tableOf(group, checkpoints, allOfPaper));
}

/** What scores were measured with, in words: the harness, its version and data. */
export function measuredWith({ measured_with: parts }: Scores): string {
  return Object.entries(parts)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

/** A column's name as tables head it. */
export function columnTitle(name: string): string {
  return name.replace(/^multi_turn_/, '').replaceAll('_', ' ');
}

function tableOf(group: string, checkpoints: readonly Scores[], allOfPaper: boolean): ScoreTable {
  const figures = checkpoints.map((scores) => scores.figures.filter((one) => one.group === group));
  const names = [...new Set(figures.flatMap((row) => row.map(({ name }) => name)))];
  const paper = PAPER_RESULTS.filter(({ headline }) => headline || allOfPaper).flatMap((row) => {
    const values = row.figures[group];
    const known = names.map((name) => values?.[name]?.toFixed(2) ?? '');
    return known.every((cell) => cell === '') ? [] : [[`paper: ${row.model}`, ...known]];
  });
  const first = checkpoints[0];
  return {
    title: `${group}${first === undefined ? '' : ` (${measuredWith(first)})`}`,
    rows: [
      ['%', ...names.map(columnTitle)],
      ...checkpoints.map(({ label }, index) => [
        label,
        ...names.map((name) => cellOf(figures[index]?.find((one) => one.name === name))),
      ]),
      ...paper,
    ],
    notes: [
      ...checkpoints.flatMap((scores) => notesOn(scores, group)),
      ...(paper.length > 0 ? [paperNote(group)] : []),
    ],
  };
}

function cellOf(figure: Figure | undefined): string {
  if (figure === undefined || figure.value === null) return '-';
  const value = (figure.value * 100).toFixed(2);
  return figure.standard_error === null
    ? value
    : `${value} ±${(figure.standard_error * 100).toFixed(2)}`;
}

function notesOn({ label, columns, complete, whole }: Scores, group: string): string[] {
  const own = columns.filter((column) => column.group === group);
  const missing = own.filter(({ planned, answered }) => answered < planned);
  const counts = missing.map(
    ({ name, planned, answered }) => `${columnTitle(name)} ${answered} of ${planned}`,
  );
  const sizes = [...new Set(own.map(({ planned }) => planned))].join(' or ');
  return [
    ...(complete || counts.length === 0
      ? []
      : [
          `${label} is not finished: only what has an answer is counted (${counts.join(', ')}). Run its command again.`,
        ]),
    ...(whole
      ? []
      : [`${label} was asked a part only (${sizes} a column): this is no score of the benchmark.`]),
  ];
}

function paperNote(group: string): string {
  return group === 'BFCL'
    ? "The paper's rows are BFCL V3's, of an unnamed release: they stand beside scores of V3 data only with care, and beside V4 data not at all."
    : "The paper's rows had GPT-4.1 as the user; another user model makes another test.";
}
