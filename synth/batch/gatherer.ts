import { randomUUID } from 'node:crypto';
import { JsonlAppender } from '../../core/jsonl-append.ts';
import { readJsonl } from '../../core/jsonl-read.ts';
import { batchInputLine } from '../../core/llm/batch-lines.ts';
import type { BatchLimits } from '../../core/llm/batch-terms.ts';
import type { ModelRequest } from '../../core/llm/request.ts';
import { HashSet } from '../../core/text/hash-set.ts';
import { AboutLine, aboutLine } from './about-line.ts';
import type { BatchFolder, BatchRecord } from './batch-folder.ts';

export interface GatherOptions {
  folder: BatchFolder;
  /** Where a batch of an endpoint is to run, and how large it may be. */
  placeOf: (endpointName: string) => { place: string; limits: BatchLimits };
  /** The most that one batch may cost, in USD: what is left of the budget. */
  highestUsd: number;
}

interface Gathering {
  record: BatchRecord;
  files: Promise<{ input: JsonlAppender; about: JsonlAppender }>;
}

/**
 * Writes the requests of a round into batches on the disk, one endpoint a batch, none above the provider's limits.
 * What stays in memory is a hash of each request.
 */
export class Gatherer {
  readonly #options: GatherOptions;
  readonly #keys = new HashSet();
  readonly #passages = new HashSet();
  readonly #current = new Map<string, Gathering>();
  readonly #all: Gathering[] = [];
  #hasUnderWay = false;

  constructor(options: GatherOptions) {
    this.#options = options;
  }

  /** How many requests were gathered. */
  get requests(): number {
    return this.#all.reduce((sum, { record }) => sum + record.requests, 0);
  }

  /** Whether batches are under way that an earlier session left. */
  get hasUnderWay(): boolean {
    return this.#hasUnderWay;
  }

  /** Leaves out what a batch asks that is under way. @param about its file of that name */
  async leaveOut(about: string): Promise<void> {
    this.#hasUnderWay = true;
    for await (const { value } of readJsonl(about)) this.#keys.add(AboutLine.parse(value).key);
  }

  /** How many passages wait for them. */
  get passages(): number {
    return this.#passages.size;
  }

  /** Whether a request is in a batch, of this round or under way. */
  has(key: string): boolean {
    return this.#keys.has(key);
  }

  /** Has a passage wait although its request is not asked in this round. @param passage as for `add` */
  postpone(passage: string): void {
    this.#passages.add(passage);
  }

  /**
   * Adds a request, once for all who ask the same.
   * @param passage SHA-256 of the id of the passage that waits for it
   */
  async add(
    request: ModelRequest,
    key: string,
    passage: string,
    highestUsd: number,
  ): Promise<void> {
    this.#passages.add(passage);
    if (!this.#keys.add(key)) return;
    const line = batchInputLine(key, request);
    const { files } = this.#batchFor(request, Buffer.byteLength(line) + 1, highestUsd);
    const { input, about } = await files;
    const place = await input.appendLine(line);
    await about.append(aboutLine(key, request, place));
  }

  /** Ends the gathering: what is to be sent, written down. */
  async close(): Promise<BatchRecord[]> {
    for (const { files } of this.#all) {
      const { input, about } = await files;
      await Promise.all([input.close(), about.close()]);
    }
    // Only now: lines without a record are thrown away after a kill, and gathered again.
    for (const { record } of this.#all) await this.#options.folder.write(record);
    return this.#all.map(({ record }) => record);
  }

  #batchFor({ endpoint, stage }: ModelRequest, bytes: number, usd: number): Gathering {
    const { placeOf, highestUsd } = this.#options;
    const { place, limits } = placeOf(endpoint.name);
    const open = this.#current.get(endpoint.name);
    const hasRoom =
      open !== undefined &&
      open.record.requests < limits.requests &&
      open.record.bytes + bytes <= limits.bytes &&
      open.record.highest_usd + usd <= highestUsd;
    const batch = hasRoom ? open : this.#begin(endpoint.name, endpoint.model, place);
    const { record } = batch;
    record.requests += 1;
    record.bytes += bytes;
    record.highest_usd += usd;
    record.stages[stage] = (record.stages[stage] ?? 0) + 1;
    return batch;
  }

  #begin(endpoint: string, model: string, place: string): Gathering {
    const { folder } = this.#options;
    const number = folder.newNumber();
    const record: BatchRecord = {
      number,
      token: randomUUID(),
      endpoint,
      model,
      place,
      requests: 0,
      stages: {},
      bytes: 0,
      highest_usd: 0,
      state: 'gathered',
      remote: null,
    };
    const { input, about } = folder.files(number);
    const files = Promise.all([JsonlAppender.open(input), JsonlAppender.open(about)]).then(
      ([one, other]) => ({ input: one.appender, about: other.appender }),
    );
    const batch = { record, files };
    this.#current.set(endpoint, batch);
    this.#all.push(batch);
    return batch;
  }
}
