import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { describeError } from '../../../core/errors.ts';
import { packageVersion } from '../../../core/package-root.ts';
import { readFrom, rowsOfLine } from '../sources/read-line.ts';
import type { Source, SourceFile } from '../sources/source.ts';
import { isSpooled, spool } from '../sources/spool.ts';
import { indexedFile, loadIndex, saveIndex } from './cache.ts';
import { FACETS, indexedRow, RowHead } from './facets.ts';
import { type FileLine, fileLines } from './lines.ts';
import { RowIndex } from './row-index.ts';

/** How far indexing is; `problem` is what ended it, or why the index could not be kept. */
export interface IndexProgress {
  done: boolean;
  bytes: number;
  bytes_read: number;
  problem: string | null;
}

/** Fills a source's index while it is used, and keeps it for the next time. */
export class Indexer {
  readonly source: Source;
  index = new RowIndex();
  readonly progress: IndexProgress = { done: false, bytes: 0, bytes_read: 0, problem: null };
  readonly #to: number[];
  #isLoaded = false;
  #isKept = false;
  #working: Promise<void> | null = null;

  constructor(source: Source) {
    this.source = source;
    this.#to = source.files.map(() => 0);
  }

  /** Takes over what an earlier viewer kept. */
  async #load(): Promise<void> {
    for (const { path, spool: copy } of this.source.files)
      if (copy !== null && !(await isSpooled(path, copy))) return;
    const cached = await loadIndex(this.source.cachePath, this.#settings());
    if (cached === undefined) return;
    this.index = cached.index;
    for (const [file, { to }] of cached.files.entries()) this.#to[file] = to;
  }

  /** Bytes of the files that there are. */
  async size(): Promise<number> {
    const found = this.source.files.map(({ path }) => stat(path).catch(() => undefined));
    return sum((await Promise.all(found)).map((one) => one?.size ?? 0));
  }

  /** Indexes what the files have beyond what is indexed; a call while one is at work gives that one. */
  update(signal: AbortSignal): Promise<void> {
    this.#working ??= this.#update(signal)
      .catch((error: unknown) => {
        this.progress.problem = describeError(error);
      })
      .finally(() => {
        this.progress.done = true;
        this.#working = null;
      });
    return this.#working;
  }

  async #update(signal: AbortSignal): Promise<void> {
    if (!this.#isLoaded) await this.#load();
    this.#isLoaded = true;
    const before = this.index.rows;
    const sizes = await Promise.all(this.source.files.map(sizeOf));
    this.progress.bytes = sum(sizes);
    this.progress.bytes_read = sum(this.#to);
    for (const [number, file] of this.source.files.entries()) {
      if (file.spool !== null && this.#to[number] === 0) await spool(file.path, file.spool);
      if (existsSync(readFrom(file)) && (await sizeOf(file)) > (this.#to[number] ?? 0))
        await this.#indexFile(number, file, signal);
    }
    // Of what a run under way adds, the next viewer reads the rest.
    if (this.index.rows > before && !signal.aborted && !this.#isKept) await this.#save();
  }

  async #indexFile(number: number, file: SourceFile, signal: AbortSignal): Promise<void> {
    const from = this.#to[number] ?? 0;
    let count = 0;
    for await (const line of fileLines(readFrom(file), from)) {
      // A run's last line without a newline is being written.
      const underWay = !line.ended && this.source.manifest !== null;
      if (signal.aborted || underWay) return;
      count += 1;
      this.#indexLine(number, file, line, from === 0 ? String(count) : `byte ${line.offset}`);
      const end = line.offset + line.bytes.length + (line.ended ? 1 : 0);
      this.progress.bytes_read += end - (this.#to[number] ?? 0);
      this.#to[number] = end;
    }
  }

  #indexLine(number: number, file: SourceFile, { bytes, offset }: FileLine, line: string): void {
    const mark = bytes.indexOf('\uFEFF') === 0 ? BOM_BYTES : 0;
    const rows = rowsOfLine(bytes.subarray(mark), file, this.source);
    for (const [part, row] of rows.entries()) {
      const place = { file: number, offset: offset + mark, length: bytes.length - mark, part };
      const named = `${basename(file.path)}:${line}${part === 0 ? '' : `.${part + 1}`}`;
      this.index.add(place, indexedRow(row, named, file.status));
    }
  }

  /** A viewer that cannot keep its index works all the same. */
  async #save(): Promise<void> {
    this.#isKept = true;
    try {
      const files = await Promise.all(
        this.source.files.map((file, number) => stateOf(file, this.#to[number] ?? 0)),
      );
      await saveIndex(this.source.cachePath, this.#settings(), { index: this.index, files });
    } catch (error) {
      this.progress.problem = `the index could not be kept for the next time: ${describeError(error)}`;
    }
  }

  #settings(): string {
    const { format, files } = this.source;
    const kept = { version: packageVersion(), heads: Object.keys(RowHead.shape), facets: FACETS };
    return JSON.stringify({ ...kept, format, files: files.map(({ status }) => status) });
  }
}

const BOM_BYTES = 3;

async function stateOf(file: SourceFile, to: number) {
  const path = readFrom(file);
  return (await indexedFile(path, to)) ?? { path, to: 0, modified: 0, fingerprint: '' };
}

async function sizeOf(file: SourceFile): Promise<number> {
  const found = await stat(readFrom(file)).catch(() => undefined);
  return found?.size ?? 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
