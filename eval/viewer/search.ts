import { open } from 'node:fs/promises';
import type { Catalogue, Filter, ListedRow } from './catalogue.ts';
import type { RowIndex, RowPlace } from './index/row-index.ts';
import type { SearchTerm, Snippet } from './search-row.ts';
import { readFrom, rowsOfLine } from './sources/read-line.ts';
import type { Source } from './sources/source.ts';

/** What a search says while it goes on: a row that has the text, or how far it is. */
export type SearchEvent =
  | { hit: ListedRow & { snippet: Snippet } }
  | { looked: number; of: number }
  | { end: 'all' | 'enough'; looked: number };

const MOST_HITS = 1000;
/** Rows that are read together. */
const SPAN_BYTES = 1024 * 1024;

/** Looks for a text in the rows that a filter leaves; hits come as they are found. */
export async function* searchRows(
  catalogue: Catalogue,
  filter: Filter,
  term: SearchTerm,
  signal: AbortSignal,
): AsyncGenerator<SearchEvent, void> {
  const { keys, total } = catalogue.select(filter);
  let looked = 0;
  let hits = 0;
  for (const [number, rows] of keys.entries()) {
    const { source, indexer } = catalogue.at(number);
    for await (const span of spansOf(source, indexer.index, rows)) {
      if (signal.aborted) return;
      for (const { row, bytes, place } of span) {
        const snippet = foundIn(bytes, place, source, term);
        if (snippet === undefined) continue;
        yield { hit: { ...catalogue.listed({ source: number, row }), snippet } };
        hits += 1;
        if (hits < MOST_HITS) continue;
        yield { end: 'enough', looked: looked + span.length };
        return;
      }
      looked += span.length;
      yield { looked, of: total };
    }
  }
  yield { end: 'all', looked };
}

function foundIn(
  bytes: Buffer,
  place: RowPlace,
  source: Source,
  term: SearchTerm,
): Snippet | undefined {
  const file = source.files[place.file];
  if (file === undefined || !term.mayBeIn(bytes)) return undefined;
  const row = rowsOfLine(bytes, file, source)[place.part];
  return row === undefined ? undefined : term.in(row);
}

interface SpanRow {
  row: number;
  place: RowPlace;
  bytes: Buffer;
}

/** The bytes of rows, neighbours read together; valid until the next span. */
async function* spansOf(
  source: Source,
  index: RowIndex,
  rows: Uint32Array,
): AsyncGenerator<SpanRow[], void> {
  for (let from = 0; from < rows.length; ) {
    const first = index.placeOf(rows[from] ?? 0);
    const span: { row: number; place: RowPlace }[] = [];
    let end = first.offset;
    for (let at = from; at < rows.length; at += 1) {
      const row = rows[at] ?? 0;
      const place = index.placeOf(row);
      const next = place.offset + place.length;
      const fits = place.file === first.file && next - first.offset <= SPAN_BYTES;
      if (at > from && !fits) break;
      span.push({ row, place });
      end = Math.max(end, next);
    }
    const block = await blockOf(source, first, end - first.offset);
    yield span.map(({ row, place }) => {
      const start = place.offset - first.offset;
      return { row, place, bytes: block.subarray(start, start + place.length) };
    });
    from += span.length;
  }
}

async function blockOf(
  source: Source,
  { file: number, offset }: RowPlace,
  length: number,
): Promise<Buffer> {
  const file = source.files[number];
  if (file === undefined) throw new Error(`no file ${number} in ${source.name}`);
  const handle = await open(readFrom(file), 'r');
  try {
    const block = Buffer.allocUnsafe(length);
    const { bytesRead } = await handle.read(block, 0, length, offset);
    return block.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
