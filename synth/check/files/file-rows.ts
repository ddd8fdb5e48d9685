import { type FileValue, fileValues } from '../../../core/formats/file-values.ts';
import { type ReadRow, type RowFormat, readRows } from '../../../core/formats/read-row.ts';

/** A row of a file and where it stands. */
export interface PlacedRow {
  place: string;
  row: ReadRow;
}

/**
 * The rows of files, one at a time: what is no JSON or no conversation is a row with a problem. Throws a
 * UsageError for a file that cannot be read.
 */
export async function* rowsOfFiles(
  paths: readonly string[],
  format: RowFormat | 'auto',
): AsyncGenerator<PlacedRow, void, undefined> {
  for (const path of paths) {
    for await (const value of fileValues(path)) yield* placedRows(value, format);
  }
}

function placedRows(value: FileValue, format: RowFormat | 'auto'): PlacedRow[] {
  const { place } = value;
  if ('problem' in value) {
    const row = { fields: {}, format: null, conversation: null, problem: value.problem };
    return [{ place, row }];
  }
  const rows = readRows(value.value, format);
  return rows.map((row, index) => ({
    place: rows.length === 1 ? place : `${place}.${index + 1}`,
    row,
  }));
}
