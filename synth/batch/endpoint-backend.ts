import { existsSync } from 'node:fs';
import { UsageError } from '../../core/errors.ts';
import { BatchClient, type RemoteBatch } from '../../core/llm/batch-client.ts';
import { type BatchLimits, batchLimits, batchPriced } from '../../core/llm/batch-terms.ts';
import { type NamedEndpoint, urlsOf } from '../../core/llm/endpoint.ts';
import { RequestFailedError } from '../../core/llm/engine.ts';
import { classifyFailure, type Failure } from '../../core/llm/failure.ts';
import { patiently } from '../../core/llm/patiently.ts';
import type { BatchBackend, BatchCounts, BatchEnd, OutgoingBatch } from './backend.ts';
import type { BatchRecord } from './batch-folder.ts';
import { pause } from './pause.ts';

export interface PollTimes {
  /** Seconds until a batch is looked at for the first time, and between two looks at most. */
  firstS: number;
  highestS: number;
}

/** A minute a try: a batch has a day, and a network may be away for hours. */
const POLL_TRIES = 300;
const TRIES = 8;

/** Batches by an endpoint's Batch API, as OpenAI's: upload, create, poll, download. */
export class EndpointBackend implements BatchBackend {
  readonly #run: string;
  readonly #poll: PollTimes;
  readonly #clients = new Map<string, BatchClient>();

  /** @param run the run's name, for the batch's metadata */
  constructor(run: string, poll: PollTimes) {
    this.#run = run;
    this.#poll = poll;
  }

  place(endpoint: NamedEndpoint): string {
    return urlsOf(endpoint)[0] ?? '';
  }

  limits(endpoint: NamedEndpoint): BatchLimits {
    return batchLimits(endpoint);
  }

  priced(endpoint: NamedEndpoint): NamedEndpoint {
    return batchPriced(endpoint);
  }

  prepare(batch: OutgoingBatch, signal: AbortSignal): Promise<string> {
    const { record, files } = batch;
    const name = `gem-traj-${record.token.slice(0, 8)}-${record.number}.jsonl`;
    const upload = () => this.#client(batch).upload(files.input, name, signal);
    return this.#ask(batch, 'the upload of a batch', upload, TRIES, signal);
  }

  async begin(batch: OutgoingBatch, fileId: string): Promise<string> {
    const create = () => this.#client(batch).create(fileId, batch.record.token, this.#run);
    // Asked once: who calls looks for the batch before it tries again.
    const never = new AbortController().signal;
    return (await this.#ask(batch, 'the creation of a batch', create, 1, never)).id;
  }

  async find(batch: OutgoingBatch, signal: AbortSignal): Promise<string | undefined> {
    const find = () => this.#client(batch).find(batch.record.token).catch(unlessUnlisted);
    const found = await this.#ask(batch, 'the list of batches', find, TRIES, signal);
    return found?.id;
  }

  async wait(
    batch: OutgoingBatch,
    remote: string,
    signal: AbortSignal,
    onCounts: (counts: BatchCounts) => void,
  ): Promise<BatchEnd> {
    const { firstS, highestS } = this.#poll;
    for (let wait = firstS; ; wait = Math.min(highestS, wait * 1.5)) {
      await pause(wait, signal);
      const look = () => this.#client(batch).retrieve(remote);
      const found = await this.#ask(batch, `batch ${remote}`, look, POLL_TRIES, signal);
      const { completed = 0, failed = 0 } = found.request_counts ?? {};
      onCounts({ state: found.status, done: completed + failed });
      if (found.status === 'failed') return failedEnd(found);
      if (!OVER.has(found.status)) continue;
      await this.#download(batch, found, signal);
      const isCancelled = found.status === 'cancelled';
      return { kind: isCancelled ? 'cancelled' : 'done', reason: WHY[found.status] ?? '' };
    }
  }

  async cancel(batch: OutgoingBatch, remote: string): Promise<void> {
    const cancel = () => this.#client(batch).cancel(remote);
    const never = new AbortController().signal;
    await patiently(cancel, { tries: 3, signal: never }).catch((error: unknown) => {
      // One that is over cannot be cancelled, and need not be.
      const { status, kind } = error instanceof RequestFailedError ? error.failure : NO_FAILURE;
      if (kind !== 'refused' && status !== 409) throw error;
    });
  }

  leftRunning({ remote, endpoint, place, requests }: BatchRecord): string {
    return `batch ${remote} (${requests} requests) goes on at ${endpoint}, ${place}`;
  }

  async #download(batch: OutgoingBatch, found: RemoteBatch, signal: AbortSignal): Promise<void> {
    const { output, errors } = batch.files;
    const files: [string | null | undefined, string][] = [
      [found.output_file_id, output],
      [found.error_file_id, errors],
    ];
    for (const [id, path] of files) {
      if (!id || existsSync(path)) continue;
      const download = () => this.#client(batch).download(id, path, signal);
      await this.#ask(batch, `file ${id} of batch ${found.id}`, download, TRIES, signal);
    }
  }

  /** What cannot succeed is said with its cause; what the connection did not bring through is thrown as it is. */
  async #ask<T>(
    { endpoint }: OutgoingBatch,
    what: string,
    act: () => Promise<T>,
    tries: number,
    signal: AbortSignal,
  ): Promise<T> {
    try {
      return await patiently(act, { tries, signal });
    } catch (error) {
      if (!(error instanceof RequestFailedError)) throw error;
      const { failure } = error;
      if (failure.kind === 'transport' || failure.kind === 'throttled') throw error;
      throw refusal(endpoint, what, failure, error);
    }
  }

  #client({ endpoint }: OutgoingBatch): BatchClient {
    const known = this.#clients.get(endpoint.name);
    if (known !== undefined) return known;
    const client = new BatchClient(endpoint);
    this.#clients.set(endpoint.name, client);
    return client;
  }
}

const NO_FAILURE = { status: null, kind: null };

/** Some providers make batches and have no list of them: nothing can be found there. */
function unlessUnlisted(error: unknown): undefined {
  if (![404, 405, 501].includes(classifyFailure(error).status ?? 0)) throw error;
}

const OVER = new Set(['completed', 'expired', 'cancelled']);

const WHY: Record<string, string> = {
  expired: 'its 24 hours were over before all of its lines were done',
  cancelled: 'somebody cancelled it',
};

/** What providers call it when too much waits already. */
const BUSY = /token_limit_exceeded|enqueued|too many batches|batch_limit/i;

function failedEnd({ errors }: RemoteBatch): BatchEnd {
  const all = (errors?.data ?? []).map(({ code, message, line }) => {
    const where = line == null ? '' : ` (line ${line})`;
    return `${code ?? 'error'}: ${message ?? 'no message'}${where}`;
  });
  const reason = all.slice(0, 3).join('; ') || 'the provider does not say why';
  return { kind: all.some((one) => BUSY.test(one)) ? 'busy' : 'failed', reason };
}

function refusal(
  endpoint: NamedEndpoint,
  what: string,
  failure: Failure,
  cause: unknown,
): UsageError {
  const url = urlsOf(endpoint)[0];
  const advice =
    failure.status === 404 || failure.status === 405
      ? 'has this server a Batch API (POST /files, POST /batches)? If not, run without --mode batch, or with --batch-with vllm'
      : 'check its key and what the account may do with batches';
  return new UsageError(
    `endpoint ${endpoint.name} (${url}): ${what}: ${failure.reason}; ${advice}. Nothing is lost: the same command goes on.`,
    { cause },
  );
}
