import { isUtf8 } from 'node:buffer';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { Agent, type Dispatcher } from 'undici';
import { errorCode } from '../errors.ts';
import { withoutKeys } from '../secrets.ts';

/**
 * Connections are kept, as many as there are requests; no time limit of the transport's own (undici gives up on
 * headers after 300 s, which a long generation passes).
 */
const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, connections: null, pipelining: 1 });

/** An answer of the longest context there is has some megabytes; a server that sends more has lost its way. */
const LONGEST_BODY = 16 * 2 ** 20;

/** A body longer than 16 MiB, as sent or as unpacked; the rest of it is not read. */
export class OversizedBodyError extends Error {
  override readonly name = 'OversizedBodyError';

  constructor() {
    super(`the server's answer is longer than ${LONGEST_BODY / 2 ** 20} MiB`);
  }
}

/**
 * A `fetch` for the `openai` client: undici's dispatcher without fetch's web streams, for half of the CPU. It resolves
 * when the whole body is there, so that the client's timeout and signal cover the body too.
 * A redirect is an answer like others, and keys in use are left out of what the server repeats.
 * @throws OversizedBodyError, the signal's reason, or the system's or undici's error, which has a `code`
 */
export function wholeFetch(url: string, init: RequestInit): Promise<WholeResponse> {
  return new Promise((resolve, reject) => {
    const exchange = new Exchange(url, init.signal ?? null, resolve, reject);
    if (exchange.begin()) agent.dispatch(dispatchOptions(url, init), exchange);
  });
}

/** What the `openai` client reads of a response, with the whole body there. */
class WholeResponse {
  readonly url: string;
  readonly status: number;
  readonly ok: boolean;
  readonly headers: Headers;
  readonly body = null;
  readonly #bytes: Buffer;

  constructor(url: string, status: number, headers: Headers, bytes: Buffer) {
    this.url = url;
    this.status = status;
    this.ok = status >= 200 && status < 300;
    this.headers = headers;
    this.#bytes = bytes;
  }

  /** @throws TypeError when the bytes are no UTF-8: replacement characters would be trained on */
  async text(): Promise<string> {
    if (!isUtf8(this.#bytes)) throw new TypeError('the body is not UTF-8');
    const text = withoutKeys(this.#bytes.toString('utf8'));
    return this.ok ? text : withErrorMember(text);
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }
}

/** One request and its response; what undici calls while they go over the wire. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #url: string;
  readonly #signal: AbortSignal | null;
  readonly #resolve: (response: WholeResponse) => void;
  readonly #reject: (reason: unknown) => void;
  readonly #chunks: Buffer[] = [];
  #length = 0;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers = new Headers();

  constructor(
    url: string,
    signal: AbortSignal | null,
    resolve: (response: WholeResponse) => void,
    reject: (reason: unknown) => void,
  ) {
    this.#url = url;
    this.#signal = signal;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** False when the signal was aborted before. */
  begin(): boolean {
    if (this.#signal?.aborted) this.#reject(this.#signal.reason);
    else this.#signal?.addEventListener('abort', this.#abort, { once: true });
    return this.#signal?.aborted !== true;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#signal?.aborted) this.#abort();
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.#status = status;
    // A 103 may have come before, with headers of its own.
    this.#headers = new Headers();
    for (const [name, value] of Object.entries(headers)) {
      for (const one of Array.isArray(value) ? value : [value ?? ''])
        this.#headers.append(name, withoutKeys(one));
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#length += chunk.length;
    if (this.#length > LONGEST_BODY) controller.abort(new OversizedBodyError());
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#signal?.removeEventListener('abort', this.#abort);
    try {
      const bytes = decoded(Buffer.concat(this.#chunks), this.#headers.get('content-encoding'));
      this.#resolve(new WholeResponse(this.#url, this.#status, this.#headers, bytes));
    } catch (error) {
      this.#reject(error);
    }
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#signal?.removeEventListener('abort', this.#abort);
    this.#reject(error);
  }

  /** There is no controller yet while the connection is being made; onRequestStart looks again. */
  readonly #abort = (): void => {
    const reason: unknown = this.#signal?.reason;
    this.#reject(reason);
    this.#controller?.abort(
      reason instanceof Error ? reason : new Error('aborted', { cause: reason }),
    );
  };
}

/**
 * An error's body as `openai` reads it: it looks for a member `error` alone and would drop what vLLM (`message`) and
 * FastAPI (`detail`) say.
 */
function withErrorMember(text: string): string {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null || 'error' in body) return text;
    const { message, detail, code }: { message?: unknown; detail?: unknown; code?: unknown } = body;
    const said = message ?? detail ?? body;
    return JSON.stringify({
      error: { message: typeof said === 'string' ? said : JSON.stringify(said), code },
    });
  } catch {
    return text;
  }
}

function dispatchOptions(url: string, init: RequestInit): Dispatcher.DispatchOptions {
  const { origin, pathname, search } = new URL(url);
  const headers = init.headers instanceof Headers ? init.headers : new Headers(init.headers);
  // The client's chat requests are JSON text, and its other requests here have no body.
  const body = typeof init.body === 'string' ? init.body : null;
  const method = init.method === 'POST' ? 'POST' : 'GET';
  return { origin, path: pathname + search, method, headers, body };
}

/** Nothing is asked to be compressed; some proxies do it all the same. */
function decoded(bytes: Buffer, encoding: string | null): Buffer {
  const limit = { maxOutputLength: LONGEST_BODY };
  try {
    if (encoding === 'gzip') return gunzipSync(bytes, limit);
    if (encoding === 'deflate') return inflateSync(bytes, limit);
    return encoding === 'br' ? brotliDecompressSync(bytes, limit) : bytes;
  } catch (error) {
    throw errorCode(error) === 'ERR_BUFFER_TOO_LARGE' ? new OversizedBodyError() : error;
  }
}
