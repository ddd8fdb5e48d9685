import { checkOf } from '../../../synth/check/run-checks.ts';
import type { Block } from '../../compare/block.ts';
import { count, share, words } from '../words.ts';
import type { ExperimentReport, NamedReport } from './experiment-report.ts';
import type { ExperimentPart } from './part.ts';

/** Why rows were turned down, and what the checks found, run beside run. */
export function turnedDownPart({ runs }: ExperimentReport): ExperimentPart[] {
  if (runs.length === 0) return [];
  return [
    {
      id: 'turned-down',
      title: 'Turned down, and what the checks found',
      blocks: [
        { kind: 'text', text: 'Rows with each reason; a row can have several.' },
        ...tableOf(runs, reasonsOf, 'Nothing was turned down after the filter.'),
        { kind: 'title', level: 2, text: 'Findings of the checks' },
        {
          kind: 'text',
          text: 'Shares of all rows, accepted or not; a run without checks has none.',
        },
        ...tableOf(runs, findingsOf, 'The checks found nothing.'),
      ],
    },
  ];
}

/** Rows by what they have: the first cells name it, a cell a run counts. */
type Counted = Map<string, { cells: string[]; rows: number }>;

const MOST_ROWS = 40;

function tableOf(
  runs: readonly NamedReport[],
  read: (report: NamedReport['report']) => Counted,
  none: string,
): Block[] {
  const columns = runs.map(({ report }) => read(report));
  const sums = new Map<string, { cells: string[]; rows: number }>();
  for (const column of columns)
    for (const [key, { cells, rows }] of column)
      sums.set(key, { cells, rows: rows + (sums.get(key)?.rows ?? 0) });
  if (sums.size === 0) return [{ kind: 'text', text: none }];
  const sorted = [...sums].sort(([, a], [, b]) => b.rows - a.rows);
  const lines = sorted
    .slice(0, MOST_ROWS)
    .map(([key, { cells }]) => [
      ...cells,
      ...columns.map((column, index) => cellOf(column.get(key)?.rows ?? 0, runs[index])),
    ]);
  const left = sorted.length - lines.length;
  return [
    { kind: 'table', rows: [['reason', 'meaning', ...runs.map(({ name }) => name)], ...lines] },
    ...(left === 0
      ? []
      : [
          {
            kind: 'text' as const,
            text: `${left} rarer ones are left out here; report.json has all.`,
          },
        ]),
  ];
}

function cellOf(rows: number, run: NamedReport | undefined): string {
  if (run === undefined || rows === 0) return '–';
  const { accepted, rejected } = run.report.rows;
  return `${count(rows)} (${share(rows, accepted + rejected)})`;
}

function reasonsOf({ rejections }: NamedReport['report']): Counted {
  const reasons = rejections.flatMap(({ by, reasons: own }) => own.map((one) => ({ by, ...one })));
  return new Map(
    reasons.map(({ by, kind, name, title, rows }) => [
      `${by} ${kind} ${name}`,
      { cells: [`${by}: ${kind === 'rubric' ? words(name) : name}`, title ?? ''], rows },
    ]),
  );
}

function findingsOf({ findings }: NamedReport['report']): Counted {
  return new Map(
    findings.map(({ code, severity, rows_accepted: accepted, rows_rejected: rejected }) => [
      `${severity} ${code}`,
      { cells: [`${code} (${severity})`, checkOf(code)?.title ?? ''], rows: accepted + rejected },
    ]),
  );
}
