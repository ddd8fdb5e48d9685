import { setMaxListeners } from 'node:events';
import { UsageError } from '../../core/errors.ts';
import { backOff } from '../../core/llm/backoff.ts';
import { RequestFailedError } from '../../core/llm/engine.ts';
import type { Failure } from '../../core/llm/failure.ts';
import type { BatchEnd, OutgoingBatch } from './backend.ts';
import type { BatchRecord } from './batch-folder.ts';
import { closeBatch } from './close-batch.ts';
import type { Delivery } from './deliver.ts';
import { pause } from './pause.ts';
import type { SenderOptions } from './sender-options.ts';

/** What became of a batch: its results, that the budget has too little left for it, or that somebody cancelled it. */
export interface SentBatch {
  record: BatchRecord;
  delivery: Delivery | null;
  end: BatchEnd | null;
}

const BUSY_TRIES = 12;
const BEGIN_TRIES = 6;

/** Brings batches to their end, each from whatever state it is in; a batch that may exist is never begun again. */
export class BatchSender {
  readonly #options: SenderOptions;
  readonly #left = new Map<number, { endpoint: string; requests: number }>();
  /** One upload after another. */
  #uploading: Promise<unknown> = Promise.resolve();

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /**
   * Sends batches and waits for all of them.
   * @throws UsageError where a batch cannot be sent or came back whole; the signal's reason: they go on then
   */
  async send(
    records: readonly BatchRecord[],
    signal: AbortSignal,
    mayBegin = true,
  ): Promise<SentBatch[]> {
    const failed = new AbortController();
    const either = AbortSignal.any([signal, failed.signal]);
    setMaxListeners(0, either);
    const sent = records.map((record) => this.#sendOne(record, either, mayBegin));
    // What went wrong with one is said at once: the others may take a day, and go on without us.
    for (const one of sent) one.catch((error: unknown) => failed.abort(error));
    const settled = await Promise.allSettled(sent);
    if (failed.signal.aborted && !signal.aborted) throw explained(failed.signal.reason);
    signal.throwIfAborted();
    return settled.filter((one) => one.status === 'fulfilled').map(({ value }) => value);
  }

  /** Ends batches that are under way; what they have answered is fetched by `send`. */
  async cancel(records: readonly BatchRecord[], signal: AbortSignal): Promise<BatchRecord[]> {
    const adopted = await Promise.all(records.map((record) => this.#adopt(record, signal)));
    const sent = adopted.filter(({ state }) => state === 'sent' || state === 'over');
    for (const record of sent) {
      if (record.state !== 'sent' || record.remote === null) continue;
      await this.#options.backend.cancel(this.#outgoing(record), record.remote);
      this.#options.note(`batch ${record.remote} is cancelled; waiting for what it has answered`);
    }
    return sent;
  }

  async #sendOne(record: BatchRecord, signal: AbortSignal, mayBegin: boolean): Promise<SentBatch> {
    const { money, folder } = this.#options;
    let current = await this.#adopt(record, signal);
    for (let refusals = 0; ; ) {
      if (current.state === 'gathered') {
        if (!mayBegin || !(await money.reserve(current, signal))) {
          await folder.remove(current);
          return { record: current, delivery: null, end: null };
        }
        current = await this.#begin(current, signal);
      }
      const end = await this.#end(current, signal);
      if (end.kind !== 'busy' && end.kind !== 'again') {
        const outgoing = this.#outgoing(current);
        const delivery = await closeBatch(this.#options, outgoing, end);
        return { record: current, delivery, end };
      }
      current = await this.#putBack(current);
      if (end.kind === 'busy') refusals = await this.#waitForRoom(current, end, refusals, signal);
      else this.#options.note(`batch ${current.number} brought nothing: ${end.reason}`);
    }
  }

  /** A kill may have come between the beginning of a batch and the note of its id. */
  async #adopt(record: BatchRecord, signal: AbortSignal): Promise<BatchRecord> {
    if (record.state !== 'sending') return record;
    const remote = await this.#options.backend.find(this.#outgoing(record), signal);
    if (remote !== undefined) {
      this.#options.note(`batch ${remote} was begun before; it is gone on with`);
      return this.#save({ ...record, state: 'sent', remote });
    }
    this.#options.note(
      `batch ${record.number} was about to be begun; it is not found at ${record.place}`,
    );
    await this.#options.money.settle(record, 0);
    return this.#save({ ...record, state: 'gathered' });
  }

  async #begin(record: BatchRecord, signal: AbortSignal): Promise<BatchRecord> {
    const { backend, money, note, run } = this.#options;
    const prepared = await this.#prepare(record, signal).catch(async (error: unknown) => {
      await money.settle(record, 0);
      throw error;
    });
    const sending = await this.#save({ ...record, state: 'sending' });
    const remote = await this.#beginOnce(sending, prepared, signal);
    const sent = await this.#save({ ...sending, state: 'sent', remote });
    const { number, endpoint, requests, stages } = sent;
    run.event('batch_sent', { number, remote, endpoint, requests, stages });
    const what = Object.entries(stages).map(([stage, count]) => `${stage} ${count}`);
    note(
      `batch ${number} (${what.join(', ')}) is sent to ${backend.place(this.#outgoing(sent).endpoint)} as ${remote}`,
    );
    return sent;
  }

  #prepare(record: BatchRecord, signal: AbortSignal): Promise<string> {
    const prepared = this.#uploading.then(() => {
      signal.throwIfAborted();
      return this.#options.backend.prepare(this.#outgoing(record), signal);
    });
    this.#uploading = prepared.catch(() => {});
    return prepared;
  }

  /** After each try that may have reached the other end, the batch is looked for before another. */
  async #beginOnce(record: BatchRecord, prepared: string, signal: AbortSignal): Promise<string> {
    const { backend } = this.#options;
    const outgoing = this.#outgoing(record);
    for (let tries = 1; ; tries += 1) {
      try {
        return await backend.begin(outgoing, prepared);
      } catch (error) {
        // Of a connection that broke nobody knows; everything else is a no.
        if (!(error instanceof RequestFailedError)) {
          await this.#putBack(record);
          throw error;
        }
        if (tries >= BEGIN_TRIES) throw error;
        await backOff(error.failure, tries, signal);
        const found = await this.#lookFor(outgoing, error.failure, signal);
        if (found !== undefined) return found;
      }
    }
  }

  /** One that may have been made is looked for more than once: it may still be on its way into the list. */
  async #lookFor(
    batch: OutgoingBatch,
    { maybeBilled }: Failure,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const { backend, looksS } = this.#options;
    for (const seconds of maybeBilled ? [0, ...looksS] : [0]) {
      await pause(seconds, signal);
      const found = await backend.find(batch, signal);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async #end(record: BatchRecord, signal: AbortSignal): Promise<BatchEnd> {
    const { backend } = this.#options;
    if (record.state === 'over') return { kind: 'done', reason: '' };
    const { number, endpoint, requests, remote } = record;
    if (remote === null) throw new Error(`batch ${number} is sent and has no id`);
    this.#onTheWay(number, endpoint, requests);
    try {
      return await backend.wait(this.#outgoing(record), remote, signal, ({ done }) =>
        this.#onTheWay(number, endpoint, requests - done),
      );
    } finally {
      this.#onTheWay(number, endpoint, 0);
      this.#left.delete(number);
    }
  }

  async #putBack(record: BatchRecord): Promise<BatchRecord> {
    const back = await this.#save({ ...record, state: 'gathered', remote: null });
    await this.#options.money.settle(record, 0);
    return back;
  }

  /**
   * Where batches of this run hold the room, which may take a day, it is offered again when one of them is over.
   * @returns how often it was refused with none of them there
   */
  async #waitForRoom(
    record: BatchRecord,
    { reason }: BatchEnd,
    before: number,
    signal: AbortSignal,
  ): Promise<number> {
    const { note, busyS } = this.#options;
    const holders = [...this.#left].filter(([, { endpoint }]) => endpoint === record.endpoint);
    if (holders.length > 0) {
      note(
        `batch ${record.number} is not taken yet (${reason}); it is offered again when another batch of this run is over`,
      );
      while (holders.every(([number]) => this.#left.has(number))) await pause(busyS, signal);
      return before;
    }
    const refusals = before + 1;
    if (refusals >= BUSY_TRIES)
      throw new UsageError(
        `batch ${record.number} of ${record.requests} requests was not taken in ${refusals} tries: ${reason}; make batches smaller (batch_max_requests or batch_max_bytes of endpoint ${record.endpoint}), or wait and run the same command again`,
      );
    note(`batch ${record.number} is not taken yet (${reason}); it is offered again in ${busyS} s`);
    await pause(busyS, signal);
    return refusals;
  }

  async #save(record: BatchRecord): Promise<BatchRecord> {
    await this.#options.folder.write(record);
    return record;
  }

  #outgoing(record: BatchRecord): OutgoingBatch {
    const { endpoints, folder } = this.#options;
    const endpoint = endpoints.find(({ name }) => name === record.endpoint);
    if (endpoint === undefined) throw new Error(`no endpoint ${record.endpoint}`);
    return { record, endpoint, files: folder.files(record.number) };
  }

  #onTheWay(number: number, endpoint: string, requests: number): void {
    this.#left.set(number, { endpoint, requests });
    let sum = 0;
    for (const one of this.#left.values()) if (one.endpoint === endpoint) sum += one.requests;
    this.#options.asker.underWay.set(endpoint, sum);
  }
}

function explained(error: unknown): unknown {
  if (!(error instanceof RequestFailedError)) return error;
  return new UsageError(
    `a batch got no further: ${error.message}. Nothing is lost and nothing is paid twice: run the same command again when the server is well.`,
    { cause: error },
  );
}
