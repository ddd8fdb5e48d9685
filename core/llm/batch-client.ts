import { createWriteStream, openAsBlob } from 'node:fs';
import { rename } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import OpenAI from 'openai';
import { z } from 'zod';
import { apiKeyOf } from './api-key.ts';
import { BATCH_PATH } from './batch-lines.ts';
import { type NamedEndpoint, urlsOf } from './endpoint.ts';

/** What is read of a batch; servers that speak the protocol leave some of it out. */
const RemoteBatch = z.object({
  id: z.string(),
  status: z.string(),
  created_at: z.number().nullish(),
  output_file_id: z.string().nullish(),
  error_file_id: z.string().nullish(),
  errors: z
    .object({
      data: z
        .array(
          z.object({
            code: z.string().nullish(),
            message: z.string().nullish(),
            line: z.number().nullish(),
          }),
        )
        .nullish(),
    })
    .nullish(),
  request_counts: z
    .object({ total: z.number(), completed: z.number(), failed: z.number() })
    .nullish(),
  metadata: z.record(z.string(), z.string()).nullish().catch(null),
});
export type RemoteBatch = z.infer<typeof RemoteBatch>;

/** The key in a batch's metadata under which it says whose it is. */
const TOKEN_KEY = 'gem_traj_batch';

const LOOKED_THROUGH = 2000;

const ANSWER_MS = 120_000;
/** 200 MB over a slow line. */
const FILE_MS = 3_600_000;

/** The files and batches of an endpoint, through the `openai` package. Every method throws what classifyFailure reads. */
export class BatchClient {
  readonly #client: OpenAI;

  /** @throws UsageError when the key is not where the endpoint's entry says */
  constructor(endpoint: NamedEndpoint) {
    this.#client = new OpenAI({
      baseURL: urlsOf(endpoint)[0],
      apiKey: apiKeyOf(endpoint) ?? 'none',
      // Who calls knows what may be tried again: a batch must not be made twice.
      maxRetries: 0,
      timeout: ANSWER_MS,
      logLevel: 'off',
      // What is asked goes to the endpoint named and nowhere else.
      fetchOptions: { redirect: 'manual' },
    });
  }

  /** Sends a file, read as it goes, and gives its id there. */
  async upload(path: string, name: string, signal: AbortSignal): Promise<string> {
    const file = new File([await openAsBlob(path)], name, { type: 'application/jsonl' });
    const { id } = await this.#client.files.create(
      { file, purpose: 'batch' },
      { signal, timeout: FILE_MS },
    );
    return id;
  }

  /** Begins a batch of an uploaded file. @param token by which `find` knows it again */
  async create(fileId: string, token: string, run: string): Promise<RemoteBatch> {
    const batch = await this.#client.batches.create({
      input_file_id: fileId,
      endpoint: BATCH_PATH,
      completion_window: '24h',
      metadata: { [TOKEN_KEY]: token, gem_traj_run: run.slice(0, 500) },
    });
    return RemoteBatch.parse(batch);
  }

  /** The batch that was made with a token, among the latest two thousand. */
  async find(token: string): Promise<RemoteBatch | undefined> {
    let seen = 0;
    for await (const batch of this.#client.batches.list({ limit: 100 })) {
      if (batch.metadata?.[TOKEN_KEY] === token) return RemoteBatch.parse(batch);
      seen += 1;
      if (seen === LOOKED_THROUGH) return undefined;
    }
    return undefined;
  }

  async retrieve(id: string): Promise<RemoteBatch> {
    return RemoteBatch.parse(await this.#client.batches.retrieve(id));
  }

  async cancel(id: string): Promise<void> {
    await this.#client.batches.cancel(id);
  }

  /** Writes a file of the server's to a path, which appears when it is whole. */
  async download(fileId: string, path: string, signal: AbortSignal): Promise<void> {
    const response = await this.#client.files.content(fileId, {
      signal,
      timeout: FILE_MS,
      // Storage is often elsewhere; fetch takes the key off on the way.
      fetchOptions: { redirect: 'follow' },
    });
    if (response.body === null) throw new Error(`file ${fileId} came without a body`);
    const partial = `${path}.partial`;
    await pipeline(Readable.fromWeb(response.body), createWriteStream(partial), { signal });
    await rename(partial, path);
  }
}
