import { UsageError } from '../../core/errors.ts';
import { table } from '../../core/table.ts';
import type { Check } from '../check/check.ts';
import { CODES, codeOf } from '../check/files/codes.ts';
import { type CodeCount, SEVERITIES, type Tally } from '../check/files/tally.ts';

const EXAMPLE_LENGTH = 100;

/** The findings by code, with an example of each below. */
export function findingsTable(tally: Tally): string[] {
  const counts = tally.counts();
  if (counts.length === 0) return [];
  const rows = counts.map(({ severity, code, findings, rows }) => [severity, code, findings, rows]);
  const examples = counts.flatMap((count) => exampleLines(count));
  return [...table([['severity', 'code', 'findings', 'rows'], ...rows]), '', ...examples, ''];
}

function exampleLines({ code, examples }: CodeCount): string[] {
  return examples.map(({ id, finding: { message_index, path, text } }) => {
    const at = message_index === null ? '' : ` message ${message_index}`;
    const where = [at, path === null ? '' : ` ${path}`].join('');
    const cut = text.length > EXAMPLE_LENGTH ? `${text.slice(0, EXAMPLE_LENGTH - 1)}…` : text;
    return `${code}: ${id}${where}: ${cut}`;
  });
}

/** How many rows there were and how bad the worst finding of each is. */
export function summaryLines({ rows, worst, missingPassages }: Tally): string[] {
  const parts = SEVERITIES.map((level) => `${worst[level]} with at worst ${article(level)}`);
  const lines = [`${rows} rows: ${parts.join(', ')}, ${worst.none} without findings`];
  if (missingPassages > 0)
    lines.push(`${missingPassages} rows name a passage that --source does not have`);
  return lines;
}

function article(severity: string): string {
  return `${severity === 'error' ? 'an' : 'a'} ${severity}`;
}

/** What a code means; all codes for an empty one. Throws a UsageError for an unknown one. */
export function explainCode(code: string): string[] {
  if (code === '')
    return table([
      ['code', 'gem', 'foreign', 'what it says'],
      ...CODES.map((check) => [
        check.code,
        check.severity.gem,
        check.severity.foreign,
        check.title,
      ]),
    ]);
  const check = codeOf(code);
  if (check !== undefined) return explanation(check);
  const close = CODES.map((one) => one.code).filter((known) => isClose(known, code));
  const hint = close.length === 0 ? '' : ` Did you mean ${close.slice(0, 5).join(', ')}?`;
  throw new UsageError(
    `${code} is no code of the checks; --explain without a code lists all.${hint}`,
  );
}

function isClose(known: string, code: string): boolean {
  return code.split('_').some((word) => word.length > 2 && known.includes(word));
}

function explanation({ code, title, severity, paper, ...check }: Check): string[] {
  const { gem, foreign, unrefined } = severity;
  const before =
    unrefined === undefined ? '' : ` (${unrefined ?? 'unreported'} without refinement)`;
  return [
    `${code}: ${title}`,
    '',
    check.explanation,
    '',
    `severity  ${gem} in our own rows${before}, ${foreign} in others'`,
    `gate      ${paper ? "the paper's and the strict one" : 'the strict one'}`,
    `to fix    ${check.fix}`,
    `example   ${check.example}`,
  ];
}
