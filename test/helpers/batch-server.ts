import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';

/** A line of an input file. */
export const BatchLine = z.object({
  custom_id: z.string(),
  method: z.literal('POST'),
  url: z.literal('/v1/chat/completions'),
  body: z.looseObject({
    model: z.string(),
    messages: z.array(z.looseObject({ role: z.string(), content: z.string() })),
    seed: z.number().optional(),
  }),
});
export type BatchLine = z.infer<typeof BatchLine>;

/** What becomes of a line. */
export type LineEnd =
  | { kind: 'answer'; text: string; usage?: Record<string, unknown> }
  /** Into the error file, with a status and OpenAI's error. */
  | { kind: 'status'; status: number; message: string; code?: string }
  /** Into the error file: nobody came to it in time. */
  | { kind: 'expired' }
  /** In neither file. */
  | { kind: 'forgotten' };

/** What the server does with a request before it does what was asked; undefined: nothing out of the way. */
export type Fault =
  | { kind: 'status'; status: number; message: string; code?: string }
  /** The connection is reset: before anything is done, or when it is done and nobody was told. */
  | { kind: 'reset'; when: 'before' | 'after' };

export interface BatchServerOptions {
  /** @param batch from 1 */
  line: (line: BatchLine, batch: number) => LineEnd;
  /** How often a batch is looked at before it is over; 2 unless given. */
  looks?: number;
  /** Asked before each request. @param route such as `POST /files`, `GET /batches/ID` */
  fault?: (route: string, number: number) => Fault | undefined;
  /** Refuses a batch when it is looked at, as providers do in what they call validation. */
  refuse?: (lines: number, batch: number) => { code: string; message: string } | undefined;
  /** The status of a batch that has no more looks before it; `completed` unless given. */
  ending?: (batch: number) => 'completed' | 'expired';
}

interface Batch {
  id: string;
  number: number;
  status: string;
  created_at: number;
  input: string;
  metadata: unknown;
  looked: number;
  results: { output: string; errors: string; done: number } | undefined;
  refusal: { code: string; message: string } | undefined;
}

/** A server on loopback with OpenAI's files and batches, which remembers. */
export interface BatchServer {
  /** Ends in /v1. */
  url: string;
  /** Its batches in the order in which they were made, with their lines. */
  batches: { id: string; number: number; status: string; lines: BatchLine[] }[];
  /** How often each line was done: what a provider would bill. */
  done: Map<string, number>;
  /** Bytes of the files that were uploaded. */
  uploads: number[];
  /** Requests so far by route: `POST /files`, `GET /batches/ID`, ... */
  routes: Map<string, number>;
  /** Holds every batch where it is until it is let go. */
  hold(): void;
  letGo(): void;
  close(): Promise<void>;
}

/** Starts the server on a free port of 127.0.0.1. */
export async function startBatchServer(options: BatchServerOptions): Promise<BatchServer> {
  const state = new BatchState(options);
  const http = createServer((request, response) => {
    state.respond(request, response).catch((error: unknown) => {
      send(response, 500, { error: { message: String(error) } });
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const { done, uploads, routes } = state;
  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    get batches() {
      return state.shown();
    },
    done,
    uploads,
    routes,
    hold: () => {
      state.held = true;
    },
    letGo: () => {
      state.held = false;
    },
    close: async () => {
      const closed = new Promise((resolve) => http.close(resolve));
      http.closeAllConnections();
      await closed;
    },
  };
}

const NewBatch = z.object({
  input_file_id: z.string(),
  endpoint: z.literal('/v1/chat/completions'),
  completion_window: z.literal('24h'),
  metadata: z.record(z.string(), z.string()).nullish(),
});

class BatchState {
  readonly done = new Map<string, number>();
  readonly uploads: number[] = [];
  readonly routes = new Map<string, number>();
  held = false;
  readonly #options: BatchServerOptions;
  readonly #files = new Map<string, string>();
  readonly #batches: Batch[] = [];
  #requests = 0;

  constructor(options: BatchServerOptions) {
    this.#options = options;
  }

  shown(): BatchServer['batches'] {
    return this.#batches.map(({ id, number, status, input }) => ({
      id,
      number,
      status,
      lines: this.#linesOf(input),
    }));
  }

  async respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://server');
    const path = url.pathname.replace(/^\/v1/, '');
    const route = `${request.method} ${path.replace(/(?<=\/)(file|batch)_\d+/, 'ID')}`;
    this.#requests += 1;
    this.routes.set(route, (this.routes.get(route) ?? 0) + 1);
    const body = await bytesOf(request);
    const fault = this.#options.fault?.(route, this.#requests);
    if (fault?.kind === 'reset' && fault.when === 'before')
      return void request.socket.resetAndDestroy();
    if (fault?.kind === 'status') {
      const { status, message, code = null } = fault;
      return send(response, status, { error: { message, code, type: 'scripted_error' } });
    }
    const answer = await this.#act(route, path, url, body, request.headers['content-type'] ?? '');
    if (fault?.kind === 'reset') return void request.socket.resetAndDestroy();
    if (answer === undefined) send(response, 404, { error: { message: `no such path: ${route}` } });
    else if (typeof answer === 'string') response.writeHead(200).end(answer);
    else send(response, 200, answer);
  }

  async #act(
    route: string,
    path: string,
    url: URL,
    body: Buffer,
    contentType: string,
  ): Promise<unknown> {
    const id = path.split('/')[2] ?? '';
    switch (route) {
      case 'POST /files':
        return this.#upload(body, contentType);
      case 'POST /batches':
        return this.#create(NewBatch.parse(JSON.parse(body.toString('utf8'))));
      case 'GET /batches':
        return this.#list(url);
      case 'GET /batches/ID':
        return this.#look(id);
      case 'POST /batches/ID/cancel':
        return this.#cancel(id);
      case 'GET /files/ID/content':
        return this.#files.get(id);
      default:
        return undefined;
    }
  }

  async #upload(body: Buffer, contentType: string): Promise<unknown> {
    const headers = { 'content-type': contentType };
    const form = await new Response(new Uint8Array(body), { headers }).formData();
    const file = form.get('file');
    if (!(file instanceof File) || form.get('purpose') !== 'batch')
      throw new Error('no batch file');
    this.uploads.push(file.size);
    return {
      id: this.#keep(await file.text()),
      object: 'file',
      purpose: 'batch',
      bytes: file.size,
    };
  }

  #create({ input_file_id: input, metadata }: z.infer<typeof NewBatch>): unknown {
    const number = this.#batches.length + 1;
    const batch: Batch = {
      id: `batch_${number}`,
      number,
      status: 'validating',
      created_at: Math.floor(Date.now() / 1000),
      input,
      metadata,
      looked: 0,
      results: undefined,
      refusal: this.#options.refuse?.(this.#linesOf(input).length, number),
    };
    this.#batches.push(batch);
    return this.#wire(batch);
  }

  #list(url: URL): unknown {
    const limit = Number(url.searchParams.get('limit') ?? 20);
    const after = url.searchParams.get('after');
    const latest = [...this.#batches].reverse();
    const start = after === null ? 0 : latest.findIndex(({ id }) => id === after) + 1;
    const data = latest.slice(start, start + limit).map((batch) => this.#wire(batch));
    return { object: 'list', data, has_more: start + limit < latest.length };
  }

  #look(id: string): unknown {
    const batch = this.#batches.find((one) => one.id === id);
    if (batch === undefined) return undefined;
    if (batch.status === 'validating' || batch.status === 'in_progress') this.#advance(batch);
    return this.#wire(batch);
  }

  #advance(batch: Batch): void {
    if (this.held) return;
    batch.looked += 1;
    batch.status = 'in_progress';
    if (batch.refusal !== undefined) batch.status = 'failed';
    else if (batch.looked >= (this.#options.looks ?? 2)) {
      this.#finish(batch);
      batch.status = this.#options.ending?.(batch.number) ?? 'completed';
    }
  }

  /** What was not done until then is not done. */
  #cancel(id: string): unknown {
    const batch = this.#batches.find((one) => one.id === id);
    if (batch === undefined) return undefined;
    if (batch.status === 'validating' || batch.status === 'in_progress') {
      this.#finish(batch, Math.floor(this.#linesOf(batch.input).length / 2));
      batch.status = 'cancelled';
    }
    return this.#wire(batch);
  }

  #finish(batch: Batch, most = Number.POSITIVE_INFINITY): void {
    const [output, errors]: [string[], string[]] = [[], []];
    for (const [index, line] of this.#linesOf(batch.input).entries()) {
      const end: LineEnd =
        index < most ? this.#options.line(line, batch.number) : { kind: 'expired' };
      if (end.kind === 'answer')
        this.done.set(line.custom_id, (this.done.get(line.custom_id) ?? 0) + 1);
      if (end.kind !== 'forgotten')
        (end.kind === 'answer' ? output : errors).push(JSON.stringify(resultOf(line, end)));
    }
    const text = (lines: string[]) =>
      lines.length === 0 ? '' : this.#keep(`${lines.join('\n')}\n`);
    batch.results = { output: text(output), errors: text(errors), done: output.length };
  }

  #wire({ id, status, created_at, input, metadata, results, refusal }: Batch): unknown {
    return {
      id,
      object: 'batch',
      endpoint: '/v1/chat/completions',
      status,
      created_at,
      input_file_id: input,
      completion_window: '24h',
      metadata,
      output_file_id: results?.output || null,
      error_file_id: results?.errors || null,
      errors: refusal === undefined ? null : { object: 'list', data: [{ ...refusal, line: null }] },
      request_counts: {
        total: this.#linesOf(input).length,
        completed: results?.done ?? 0,
        failed: 0,
      },
    };
  }

  #linesOf(fileId: string): BatchLine[] {
    const text = this.#files.get(fileId) ?? '';
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => BatchLine.parse(JSON.parse(line)));
  }

  #keep(text: string): string {
    const id = `file_${this.#files.size + 1}`;
    this.#files.set(id, text);
    return id;
  }
}

function resultOf({ custom_id, body }: BatchLine, end: LineEnd): unknown {
  if (end.kind === 'answer') {
    const tokens = Math.ceil(end.text.length / 4);
    const usage = { prompt_tokens: 100, completion_tokens: tokens, total_tokens: 100 + tokens };
    const message = { role: 'assistant', content: end.text };
    const completion = {
      id: `chatcmpl-${custom_id.slice(0, 8)}`,
      object: 'chat.completion',
      model: body.model,
      choices: [{ index: 0, message, finish_reason: 'stop' }],
      usage: end.usage ?? usage,
    };
    return { id: 'r', custom_id, response: { status_code: 200, body: completion }, error: null };
  }
  if (end.kind === 'status') {
    const { status, message, code = null } = end;
    const failed = { status_code: status, body: { error: { message, code } } };
    return { id: 'r', custom_id, response: failed, error: null };
  }
  const error = { code: 'batch_expired', message: 'This request was not done in time.' };
  return { id: 'r', custom_id, response: null, error };
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
