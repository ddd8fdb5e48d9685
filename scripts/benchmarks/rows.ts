const PROMPT_BYTES = 2048;
const FILLER =
  'A customer may bring goods back within thirty days, with the receipt and unopened. ';

/** The prompt of a benchmark's row: 2 KB, no two alike. */
export function promptOf(row: number): string {
  return `Row ${row}. ${FILLER.repeat(PROMPT_BYTES / FILLER.length + 1)}`.slice(0, PROMPT_BYTES);
}
