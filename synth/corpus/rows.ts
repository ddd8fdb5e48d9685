import { readBytes, withoutMark } from './bytes.ts';
import { readCsvRows } from './csv-rows.ts';
import { decodeUtf8, readWhole } from './decode.ts';
import type { Source } from './inputs.ts';
import { readJsonlRows, readJsonRows } from './json-rows.ts';
import { MAX_LINE_BYTES } from './lines.ts';
import { readParquetRows } from './parquet-rows.ts';
import type { RowsWanted, SourceRow } from './source-row.ts';

/** A source's records in order, streamed. Throws a UsageError naming the file for what cannot be read. */
export function readRows(
  source: Source,
  wanted: RowsWanted,
  stdin: AsyncIterable<Uint8Array> | undefined,
): AsyncGenerator<SourceRow> {
  switch (source.kind) {
    case 'stdin':
      return readStdin(withoutMark(stdin ?? process.stdin));
    case 'text':
      return readText(readBytes(source), source.path);
    case 'jsonl':
      return readJsonlRows(readBytes(source), source.path);
    case 'json':
      return readJsonRows(readBytes(source), source.path, wanted);
    case 'csv':
      return readCsvRows(readBytes(source), source.path, ',');
    case 'tsv':
      return readCsvRows(readBytes(source), source.path, '\t');
    case 'parquet':
      return readParquetRows(source.path, wanted);
  }
}

async function* readText(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<SourceRow> {
  const remedy =
    'a text file is one document: cut it into files, or make it JSONL, one text a line';
  const text = decodeUtf8(await readWhole(bytes, name, MAX_LINE_BYTES, remedy));
  yield text === null ? { skip: 'binary' } : { fields: { text, title: firstHeading(text) } };
}

function firstHeading(text: string): string | null {
  return /^ {0,3}#{1,6}[ \t]+(.*\S)/m.exec(text)?.[1]?.replace(/[ \t]+#+$/, '') ?? null;
}

const BRACE = 0x7b;
const BLANKS = new Set([0x09, 0x0a, 0x0d, 0x20]);

async function* readStdin(bytes: AsyncGenerator<Uint8Array>): AsyncGenerator<SourceRow> {
  const head: Uint8Array[] = [];
  let first: number | undefined;
  while (first === undefined) {
    const { value, done } = await bytes.next();
    if (done) break;
    head.push(value);
    first = value.find((byte) => !BLANKS.has(byte));
  }
  const all = joined(head, bytes);
  yield* first === BRACE ? readJsonlRows(all, 'standard input') : readText(all, 'standard input');
}

async function* joined(
  head: readonly Uint8Array[],
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* head;
  yield* rest;
}
