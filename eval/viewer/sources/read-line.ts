import { isUtf8 } from 'node:buffer';
import { open } from 'node:fs/promises';
import { errorMessage, UsageError } from '../../../core/errors.ts';
import { isObject } from '../../../core/formats/arguments.ts';
import { type ReadRow, readRows } from '../../../core/formats/read-row.ts';
import type { RowPlace } from '../index/row-index.ts';
import type { Source, SourceFile } from './source.ts';

/** The rows of a line: one, or those of tau2's results; a line that is no row is one with a problem. */
export function rowsOfLine(bytes: Buffer, file: SourceFile, { format }: Source): ReadRow[] {
  const parsed = parsedLine(bytes, file.spool !== null);
  return 'problem' in parsed
    ? [{ fields: {}, format: null, conversation: null, problem: parsed.problem }]
    : readRows(parsed.value, format);
}

/** The file that a row's bytes are read from. */
export function readFrom({ path, spool }: SourceFile): string {
  return spool ?? path;
}

/** A row and the text it was read from. */
export interface LoadedRow {
  row: ReadRow;
  text: string;
}

/** Reads one row by its place. @throws UsageError where the file was changed since it was indexed */
export async function loadRow(source: Source, place: RowPlace): Promise<LoadedRow> {
  const file = source.files[place.file];
  if (file === undefined) throw new Error(`no file ${place.file} in ${source.name}`);
  const bytes = await bytesAt(readFrom(file), place);
  const row = rowsOfLine(bytes, file, source)[place.part];
  if (row === undefined) throw changed(file.path);
  return { row, text: bytes.toString('utf8') };
}

async function bytesAt(path: string, { offset, length }: RowPlace): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const bytes = Buffer.allocUnsafe(length);
    const { bytesRead } = await handle.read(bytes, 0, length, offset);
    if (bytesRead < length) throw changed(path);
    return bytes;
  } finally {
    await handle.close();
  }
}

function changed(path: string): UsageError {
  return new UsageError(
    `${path} was changed since it was indexed; end the viewer and start it again`,
  );
}

type Parsed = { value: unknown } | { problem: string };

function parsedLine(bytes: Buffer, spooled: boolean): Parsed {
  if (!isUtf8(bytes)) return { problem: 'its bytes are not UTF-8' };
  const parsed = parse(bytes.toString('utf8'));
  if (!spooled || 'problem' in parsed) return parsed;
  // Our own lines: see spool.
  const { value } = parsed;
  if (isObject(value) && typeof value.problem === 'string') return { problem: value.problem };
  return { value: isObject(value) ? value.value : undefined };
}

function parse(text: string): Parsed {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { problem: `no JSON (${errorMessage(error)})` };
  }
}
