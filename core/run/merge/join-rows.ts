import { join } from 'node:path';
import { UsageError } from '../../errors.ts';
import { sha256 } from '../../hash.ts';
import { HashSet } from '../../text/hash-set.ts';
import type { PassageLine } from '../commit-log.ts';
import { addToFunnel, emptyFunnel, type Funnel } from '../funnel.ts';
import { passageSpans, type RowFile, type Span } from '../passage-spans.ts';
import { ByteFile, ByteSource } from './byte-file.ts';
import type { Part } from './parts.ts';

/** How many rows are accepted: the first so many, of the surplus at most `promoted`. */
export interface Quota {
  accepted: number;
  promoted: number;
}

/**
 * Copies the rows of several runs into one folder, byte by byte and passage by passage, so that passages.jsonl tells
 * their places as in any run. Memory grows by some 26 bytes a passage, for the ids.
 * @returns the funnel of all
 * @throws UsageError for a passage or a row that is there twice, or a file that is not as its run wrote it
 */
export async function joinRows(
  parts: readonly Part[],
  folder: string,
  quota: Quota,
): Promise<Funnel> {
  const joint = await Joint.create(folder, quota);
  try {
    for (const { folder: from } of parts) await joint.take(from);
  } finally {
    await joint.close();
  }
  return joint.funnel;
}

const ROW_FILES: readonly RowFile[] = ['trajectories', 'rejected', 'surplus'];

class Joint {
  readonly funnel = emptyFunnel();
  readonly #files: Record<RowFile | 'passages', ByteFile>;
  readonly #left: Quota;
  readonly #passageIds = new HashSet();
  readonly #rowIds = new HashSet();

  private constructor(files: Record<RowFile | 'passages', ByteFile>, quota: Quota) {
    this.#files = files;
    this.#left = { ...quota };
  }

  static async create(folder: string, quota: Quota): Promise<Joint> {
    const file = (name: string) => ByteFile.create(join(folder, `${name}.jsonl`));
    const files = {
      trajectories: await file('trajectories'),
      rejected: await file('rejected'),
      surplus: await file('surplus'),
      passages: await file('passages'),
    };
    return new Joint(files, quota);
  }

  async take(folder: string): Promise<void> {
    const source = (name: RowFile) => new ByteSource(join(folder, `${name}.jsonl`));
    const sources = {
      trajectories: source('trajectories'),
      rejected: source('rejected'),
      surplus: source('surplus'),
    };
    try {
      for await (const { line, spans } of passageSpans(folder))
        await this.#add(line, spans, sources);
    } finally {
      for (const name of ROW_FILES) await sources[name].close();
    }
  }

  async close(): Promise<void> {
    for (const file of Object.values(this.#files)) await file.close();
  }

  async #add(
    line: PassageLine,
    spans: readonly Span[],
    sources: Record<RowFile, ByteSource>,
  ): Promise<void> {
    if (!this.#passageIds.add(sha256(line.id)))
      throw twice('passage', line.id, sources.trajectories.path);
    const added: Record<RowFile, number> = { trajectories: 0, rejected: 0, surplus: 0 };
    for (const { file, from, to } of spans) {
      for (const row of rowsIn(await sources[file].read(from, to))) {
        this.#requireNew(row, sources[file].path);
        const into = this.#placeOf(file);
        added[into] += 1;
        await this.#files[into].write(row);
      }
    }
    const counts = { ...line.counts, accepted: added.trajectories, surplus: added.surplus };
    addToFunnel(this.funnel, counts);
    const { trajectories, rejected, surplus, passages } = this.#files;
    const sizes = {
      trajectories: trajectories.size,
      rejected: rejected.size,
      surplus: surplus.size,
    };
    await passages.write(Buffer.from(`${JSON.stringify({ ...line, counts, sizes })}\n`));
  }

  #requireNew(row: Buffer, path: string): void {
    const id = idOf(row, path);
    if (!this.#rowIds.add(sha256(id))) throw twice('row', id, path);
  }

  #placeOf(file: RowFile): RowFile {
    if (file === 'rejected') return file;
    const left = this.#left;
    if (left.accepted <= 0 || (file === 'surplus' && left.promoted <= 0)) return 'surplus';
    left.accepted -= 1;
    if (file === 'surplus') left.promoted -= 1;
    return 'trajectories';
  }
}

function twice(what: string, id: string, path: string): UsageError {
  return new UsageError(
    `${what} ${JSON.stringify(id)} of ${path} is in an earlier run already: were two of the runs made of the same input? Leave one out`,
  );
}

/** Each with its newline. */
function* rowsIn(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(10, start) + 1 || bytes.length;
    yield bytes.subarray(start, end);
    start = end;
  }
}

/** Rows begin with their id: a whole row need not be parsed for it. */
const BEGINNING = /^\{"schema_version":\d+,"id":"([^"\\]+)"/;

function idOf(row: Buffer, path: string): string {
  const [, id] = BEGINNING.exec(row.toString('utf8', 0, 300)) ?? [];
  if (id !== undefined) return id;
  const value: unknown = parsed(row);
  if (typeof value === 'object' && value !== null && 'id' in value) return String(value.id);
  throw new UsageError(`${path} has a line that is no row; was it changed by hand?`);
}

function parsed(row: Buffer): unknown {
  try {
    return JSON.parse(row.toString('utf8'));
  } catch {
    return undefined;
  }
}
