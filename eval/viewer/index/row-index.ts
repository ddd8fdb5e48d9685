import { FACETS, type Facet, type IndexedRow, RowHead } from './facets.ts';
import { Growing } from './growing.ts';

/** Where a row lies: in which of the source's files, at which byte, how many bytes, and which of the rows there. */
export interface RowPlace {
  file: number;
  offset: number;
  length: number;
  /** A line may hold several rows (the simulations of tau2): from 0. */
  part: number;
}

/** Names and their numbers. Of a kept index most are never asked for by name, so the map is made when one is. */
class Names {
  readonly list: string[];
  #numbers: Map<string, number> | null = null;

  constructor(list: string[]) {
    this.list = list;
  }

  numberOf(name: string): number | undefined {
    this.#numbers ??= new Map(this.list.map((known, number) => [known, number]));
    return this.#numbers.get(name);
  }

  add(name: string): number {
    const known = this.numberOf(name);
    if (known !== undefined) return known;
    this.list.push(name);
    this.#numbers?.set(name, this.list.length - 1);
    return this.list.length - 1;
  }
}

/** The values of one facet: names by number, and each row's numbers one after the other. */
interface Column {
  names: Names;
  /** By row: where its numbers end; they begin where the row before ended. */
  ends: Growing<typeof Uint32Array>;
  values: Growing<typeof Uint32Array>;
}

/** The number of a row that names no passage. */
const NO_PASSAGE = 0;

/** An array of a stored index, read as what it holds. */
export interface StoredArray {
  bytes(): Uint8Array<ArrayBuffer>;
  counts(): Uint32Array<ArrayBuffer>;
  wide(): Float64Array<ArrayBuffer>;
}

export interface StoredIndex {
  arrays: ReadonlyMap<string, StoredArray>;
  names: Record<Facet, string[]>;
}

/** The rows of a source in typed arrays, about 100 bytes a row beside its head: places, facets and heads. */
export class RowIndex {
  readonly columns: Record<Facet, Column>;
  readonly files: Growing<typeof Uint8Array>;
  readonly offsets: Growing<typeof Float64Array>;
  readonly lengths: Growing<typeof Uint32Array>;
  readonly parts: Growing<typeof Uint32Array>;
  readonly passages: Growing<typeof Uint32Array>;
  /** Hashes of the rows' ids. */
  readonly ids: Growing<typeof Uint32Array>;
  readonly headEnds: Growing<typeof Float64Array>;
  readonly headBytes: Growing<typeof Uint8Array>;
  readonly #encoder = new TextEncoder();

  /** @param stored what `stored` gave of another index; none begins an empty one */
  constructor(stored?: StoredIndex) {
    const { arrays, names } = stored ?? {};
    const bytes = (name: string) => new Growing(Uint8Array, arrays?.get(name)?.bytes());
    const counts = (name: string) => new Growing(Uint32Array, arrays?.get(name)?.counts());
    const wide = (name: string) => new Growing(Float64Array, arrays?.get(name)?.wide());
    this.files = bytes('files');
    this.offsets = wide('offsets');
    this.lengths = counts('lengths');
    this.parts = counts('parts');
    this.passages = counts('passages');
    this.ids = counts('ids');
    this.headEnds = wide('headEnds');
    this.headBytes = bytes('headBytes');
    const columnOf = (facet: Facet): Column => {
      return {
        names: new Names(names?.[facet] ?? []),
        ends: counts(`${facet}.ends`),
        values: counts(`${facet}.values`),
      };
    };
    this.columns = byFacet(columnOf);
  }

  /** What an index can be made from again: the arrays by name, and the names of the facets' values. */
  stored(): { arrays: [string, Uint8Array][]; names: Record<Facet, string[]> } {
    const { files, offsets, lengths, parts, passages, ids, headEnds, headBytes } = this;
    const plain = { files, offsets, lengths, parts, passages, ids, headEnds, headBytes };
    const columns = FACETS.flatMap((facet) => {
      const { ends, values } = this.columns[facet];
      return [[`${facet}.ends`, ends] as const, [`${facet}.values`, values] as const];
    });
    return {
      arrays: [...Object.entries(plain), ...columns].map(([name, array]) => [
        name,
        bytesOf(array.view()),
      ]),
      names: byFacet((facet) => this.columns[facet].names.list),
    };
  }

  get rows(): number {
    return this.offsets.length;
  }

  add({ file, offset, length, part }: RowPlace, { head, passage, values }: IndexedRow): void {
    this.files.push(file);
    this.offsets.push(offset);
    this.lengths.push(length);
    this.parts.push(part);
    this.passages.push(passage === null ? NO_PASSAGE : Math.max(1, passage));
    this.ids.push(hashOf(head.id));
    this.headBytes.append(this.#encoder.encode(JSON.stringify(head)));
    this.headEnds.push(this.headBytes.length);
    for (const facet of FACETS) addValues(this.columns[facet], values[facet]);
  }

  placeOf(row: number): RowPlace {
    return {
      file: this.files.at(row),
      offset: this.offsets.at(row),
      length: this.lengths.at(row),
      part: this.parts.at(row),
    };
  }

  headOf(row: number): RowHead {
    const start = row === 0 ? 0 : this.headEnds.at(row - 1);
    const bytes = this.headBytes.view().subarray(start, this.headEnds.at(row));
    return RowHead.parse(JSON.parse(new TextDecoder().decode(bytes)));
  }

  /** The row's values of a facet. */
  valuesOf(facet: Facet, row: number): string[] {
    const column = this.columns[facet];
    const names: string[] = [];
    for (let at = startOf(column, row); at < column.ends.at(row); at += 1)
      names.push(column.names.list[column.values.at(at)] ?? '');
    return names;
  }

  /** The rows that seem to be of the same passage as a key says, in their order. */
  rowsOfPassage(passage: number): number[] {
    if (passage === NO_PASSAGE) return [];
    const found: number[] = [];
    const passages = this.passages.view();
    for (let row = 0; row < passages.length; row += 1)
      if (passages[row] === passage) found.push(row);
    return found;
  }

  /** The rows of these ids, from a row on. */
  rowsOfIds(ids: ReadonlySet<string>, from: number): Map<number, string> {
    const found = new Map<number, string>();
    const hashes = new Set([...ids].map(hashOf));
    const known = this.ids.view();
    for (let row = from; row < known.length; row += 1) {
      if (!hashes.has(known[row] ?? 0)) continue;
      const { id } = this.headOf(row);
      if (ids.has(id)) found.set(row, id);
    }
    return found;
  }

  passageOf(row: number): number {
    return this.passages.at(row);
  }
}

/** Where a row's values of a column begin. */
function startOf({ ends }: Pick<Column, 'ends'>, row: number): number {
  return row === 0 ? 0 : ends.at(row - 1);
}

/** FNV-1a over UTF-16 units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1)
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

function byFacet<T>(make: (facet: Facet) => T): Record<Facet, T> {
  // fromEntries forgets which keys there are.
  return Object.fromEntries(FACETS.map((facet) => [facet, make(facet)])) as Record<Facet, T>;
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function addValues({ names, ends, values }: Column, added: readonly string[]): void {
  for (const name of added) values.push(names.add(name));
  ends.push(values.length);
}
