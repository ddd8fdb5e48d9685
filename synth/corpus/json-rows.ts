import { errorMessage, UsageError } from '../../core/errors.ts';
import { decodeUtf8, readWhole } from './decode.ts';
import { readLines } from './lines.ts';
import type { RowsWanted, SourceRow } from './source-row.ts';

const MAX_JSON_BYTES = 256 * 1024 * 1024;
const SHOWN_CHARACTERS = 80;
const ROW_MEMBERS = ['rows', 'data'];

/** JSONL, one object or string a line; blank lines are passed over. Throws a UsageError for a line that is not JSON. */
export async function* readJsonlRows(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<SourceRow> {
  for await (const line of readLines(bytes, name)) {
    const text = decodeUtf8(line.bytes);
    if (text === null) yield { skip: 'binary' };
    else if (text.trim() !== '') yield rowOf(parseLine(text, name, line.number));
  }
}

/**
 * A JSON file: an array of objects or strings, an object with one such array among its members (or one named
 * rows or data), or one object that is a document. Held whole, up to 256 MB.
 * Throws a UsageError when it is larger or no JSON.
 */
export async function* readJsonRows(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  wanted: RowsWanted,
): AsyncGenerator<SourceRow> {
  const remedy = 'a .json file is held whole: make it JSONL (one object a line), which is streamed';
  const text = decodeUtf8(await readWhole(bytes, name, MAX_JSON_BYTES, remedy));
  if (text === null) {
    yield { skip: 'binary' };
    return;
  }
  if (text.trim() === '') return;
  for (const row of rowsIn(parseWhole(text, name), wanted)) yield rowOf(row);
}

function parseLine(text: string, name: string, number: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(
      `${name}, line ${number} is not JSON: ${text.slice(0, SHOWN_CHARACTERS)}\n` +
        'JSONL has one complete JSON value a line; mend or delete the line',
    );
  }
}

function parseWhole(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(
      `${name} is not JSON (${errorMessage(error)}); mend it, or name it .jsonl if it has one value a line`,
    );
  }
}

function rowsIn(value: unknown, wanted: RowsWanted): unknown[] {
  if (Array.isArray(value)) return value;
  if (!isObject(value) || wanted.isDocument(value)) return [value];
  const arrays = Object.entries(value).filter((entry): entry is [string, unknown[]] =>
    isRowArray(entry[1]),
  );
  const chosen =
    arrays.length === 1 ? arrays[0] : arrays.find(([member]) => ROW_MEMBERS.includes(member));
  return chosen === undefined ? [value] : chosen[1];
}

function isRowArray(value: unknown): boolean {
  return Array.isArray(value) && value.every((row) => isObject(row) || typeof row === 'string');
}

function rowOf(value: unknown): SourceRow {
  if (typeof value === 'string') return { text: value };
  return isObject(value) ? { fields: value } : { skip: 'not_text' };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
