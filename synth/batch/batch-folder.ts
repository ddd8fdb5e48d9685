import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { errorCode, UsageError } from '../../core/errors.ts';
import { JsonlAppender } from '../../core/jsonl-append.ts';
import { readJsonl } from '../../core/jsonl-read.ts';
import { replaceFile } from '../../core/write-file.ts';

/** A batch that is not over: NNNN.json in the run's folder `batch`, beside its lines. */
export const BatchRecord = z.object({
  number: z.number(),
  /** By which it is known again where it runs. */
  token: z.string(),
  endpoint: z.string(),
  model: z.string(),
  /** Where it runs: a URL, or what runs it. */
  place: z.string(),
  requests: z.number(),
  stages: z.record(z.string(), z.number()),
  bytes: z.number(),
  /** The most that it can cost. */
  highest_usd: z.number(),
  /**
   * `gathered` lies here and costs nothing; `sending` may exist at the other end, or not; `sent` exists there, under the
   * id `remote`; the results of one that is `over` lie here.
   */
  state: z.enum(['gathered', 'sending', 'sent', 'over']),
  remote: z.string().nullable(),
});
export type BatchRecord = z.infer<typeof BatchRecord>;

/** A line of batches.jsonl: a batch that is over and whose answers are in the journal. */
export interface PastBatch {
  number: number;
  endpoint: string;
  place: string;
  remote: string | null;
  stages: Record<string, number>;
  requests: number;
  answered: number;
  failed: number;
  cost_usd: number;
  ended: string;
  at: string;
}

/** A batch's files. */
export interface BatchFiles {
  /** What is sent, in OpenAI's format. */
  input: string;
  /** What the journal needs to know of each line. */
  about: string;
  /** What came back; `earlier` is what a job left that was begun again. */
  output: string;
  errors: string;
  earlier: string;
}

/** The folder `batch` of a run: the batches that are not over, and the list of those that are. */
export class BatchFolder {
  readonly path: string;
  readonly #past: JsonlAppender;
  readonly #listed: Set<number>;
  #next: number;

  private constructor(path: string, past: JsonlAppender, listed: Set<number>, next: number) {
    this.path = path;
    this.#past = past;
    this.#listed = listed;
    this.#next = next;
  }

  /** Opens it, without what a kill left of gathering: nothing of that was sent. */
  static async open(runFolder: string): Promise<{ folder: BatchFolder; records: BatchRecord[] }> {
    const path = join(runFolder, 'batch');
    await mkdir(path, { recursive: true });
    const names = await readdir(path);
    const records = await readBatchRecords(runFolder);
    const kept = new Set(records.map(({ number }) => digits(number)));
    const stray = names.filter(
      (name) => /^\d+\./.test(name) && !kept.has(name.split('.')[0] ?? ''),
    );
    await Promise.all(stray.map((name) => rm(join(path, name), { force: true })));
    const { appender } = await JsonlAppender.open(join(path, 'batches.jsonl'));
    const listed = await listedNumbers(path);
    const last = Math.max(0, ...listed, ...records.map(({ number }) => number));
    return { folder: new BatchFolder(path, appender, listed, last + 1), records };
  }

  newNumber(): number {
    this.#next += 1;
    return this.#next - 1;
  }

  files(number: number): BatchFiles {
    const at = (name: string) => join(this.path, `${digits(number)}.${name}.jsonl`);
    return {
      input: at('input'),
      about: at('about'),
      output: at('output'),
      errors: at('errors'),
      earlier: at('earlier'),
    };
  }

  async write(record: BatchRecord): Promise<void> {
    const path = join(this.path, `${digits(record.number)}.json`);
    await replaceFile(path, `${JSON.stringify(record, null, 2)}\n`);
  }

  /** Forgets a batch; the record first: lines without one are thrown away at the next start. */
  async remove({ number }: BatchRecord): Promise<void> {
    await rm(join(this.path, `${digits(number)}.json`), { force: true });
    for (const path of Object.values(this.files(number))) {
      await rm(path, { force: true });
      await rm(`${path}.partial`, { force: true });
    }
  }

  /** Adds a batch to the list, once: a kill may come before its record is gone. */
  async notePast(batch: PastBatch): Promise<void> {
    if (this.#listed.has(batch.number)) return;
    this.#listed.add(batch.number);
    await this.#past.append(batch);
  }

  async close(): Promise<void> {
    await this.#past.close();
  }
}

/**
 * The batches of a run that are not over, in the order of their numbers.
 * @throws UsageError for a record that cannot be read
 */
export async function readBatchRecords(runFolder: string): Promise<BatchRecord[]> {
  const path = join(runFolder, 'batch');
  const names = await readdir(path).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
  const own = names.filter((name) => /^\d+\.json$/.test(name)).sort();
  return Promise.all(own.map((name) => readRecord(join(path, name))));
}

async function readRecord(path: string): Promise<BatchRecord> {
  try {
    return BatchRecord.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw new UsageError(
      `${path} cannot be read as a batch's record; was it changed by hand? A batch that is under way may be paid twice if you remove it.`,
      { cause },
    );
  }
}

const digits = (number: number): string => String(number).padStart(4, '0');

const NumberOf = z.object({ number: z.number() });

async function listedNumbers(path: string): Promise<Set<number>> {
  const numbers = new Set<number>();
  for await (const { value } of readJsonl(join(path, 'batches.jsonl')))
    numbers.add(NumberOf.parse(value).number);
  return numbers;
}
