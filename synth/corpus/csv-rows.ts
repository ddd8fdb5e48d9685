import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { UsageError } from '../../core/errors.ts';
import { decodeUtf8 } from './decode.ts';
import { MAX_LINE_BYTES } from './lines.ts';
import type { SourceRow } from './source-row.ts';

/**
 * The rows of a CSV or TSV file whose first line names the columns. Throws a UsageError with the line
 * for a row with too few or many columns, or an open quote.
 */
export async function* readCsvRows(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  delimiter: ',' | '\t',
): AsyncGenerator<SourceRow> {
  const parser = parse({
    delimiter,
    // One character a byte, so that what is not UTF-8 can be told from what is.
    encoding: 'latin1',
    columns: (header: string[]) => header.map((column) => decodeField(column) ?? column),
    skip_empty_lines: true,
    relax_quotes: true,
    max_record_size: MAX_LINE_BYTES,
  });
  // The parser's reader throws what goes wrong on either side: the callback has nothing left to do.
  const rows = pipeline(Readable.from(bytes), parser, () => {});
  try {
    for await (const row of rows) yield rowOf(row);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new UsageError(
      `${name} is not a table with one header line (${error.message}); ` +
        'quote texts that hold the delimiter or line breaks, or make it JSONL',
    );
  }
}

/** With `columns` csv-parse gives objects of strings. */
function rowOf(row: Record<string, string>): SourceRow {
  const fields: Record<string, unknown> = {};
  for (const [column, value] of Object.entries(row)) {
    const text = decodeField(value);
    if (text === null) return { skip: 'binary' };
    fields[column] = text;
  }
  return { fields };
}

function decodeField(latin1: string): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII begins with them
  return /^[\x00-\x7f]*$/.test(latin1) ? latin1 : decodeUtf8(Buffer.from(latin1, 'latin1'));
}
