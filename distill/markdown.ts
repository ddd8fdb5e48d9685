/** A table in Markdown; bars and line breaks in cells are made harmless. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A number with its thousands apart. */
export const count = (number: number): string => number.toLocaleString('en-US');

/** A number with one decimal where it has any. */
export function fixed(number: number): string {
  return Number.isInteger(number) ? count(number) : number.toFixed(1);
}
