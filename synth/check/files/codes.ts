import type { Check } from '../check.ts';
import { CHECKS, checkOf } from '../run-checks.ts';
import { READING_CHECKS } from './reading-checks.ts';

/** Every code that `check` reports, in the order of the table. */
export const CODES: readonly Check[] = [...READING_CHECKS, ...CHECKS];

/** The check that reports a code, those of reading files included. */
export function codeOf(code: string): Check | undefined {
  return checkOf(code) ?? READING_CHECKS.find((check) => check.code === code);
}

const BEGIN = '<!-- codes: npx tsx scripts/check-codes.ts writes this table -->\n';
const END = '<!-- /codes -->';

/** A Markdown text with the table of codes between its marks written anew. */
export function withCodesTable(text: string): string {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error('the text has no marks for the table of codes');
  return `${text.slice(0, begin)}${BEGIN}\n${codesTable()}\n${text.slice(end)}`;
}

function codesTable(): string {
  const rows = CODES.map(
    ({ code, title, severity, paper }) =>
      `| \`${code}\` | ${cell(title)} | ${severity.gem}${unrefined(severity)} | ${severity.foreign} | ${paper ? 'yes' : ''} |`,
  );
  return [
    "| code | what it says | gem | foreign | paper's gate |",
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

/** What a severity is where refinement was off, when that is another. */
function unrefined({ gem, unrefined: other }: Check['severity']): string {
  return other === undefined || other === gem ? '' : ` (unrefined: ${other ?? 'none'})`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
