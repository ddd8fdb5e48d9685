import { createHash } from 'node:crypto';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { z } from 'zod';
import { type Action, perform, tooManyRequests } from './model-actions.ts';

const ChatBody = z.looseObject({
  model: z.string(),
  messages: z.array(z.looseObject({ role: z.string(), content: z.string() })),
});
/** The body of a chat request; fields that are not named here are there too. */
type ChatBody = z.infer<typeof ChatBody>;

/** A request as a script sees it. */
interface ChatRequest {
  /** From 1, in order of arrival. */
  number: number;
  body: ChatBody;
  /** SHA-256 of the body's bytes, hexadecimal. */
  hash: string;
  headers: IncomingHttpHeaders;
}

/** Says what happens to each request. */
export type Script = (request: ChatRequest) => Action | Promise<Action>;

/** A request as the server remembers it. */
interface LoggedRequest extends ChatRequest {
  /** Milliseconds since 1970. */
  time: number;
  /** The status of the response sent whole; null while there is none, and where the connection ended first. */
  status: number | null;
}

export interface ModelServerOptions {
  /** Admits so many at a time and answers 429 to the others, at once. */
  admission?: { limit: number; retryAfterSeconds: number };
  /** Only counts, so that memory stays flat over many requests. */
  countersOnly?: boolean;
  /** What GET /v1/models lists; one model named `scripted` unless given. */
  models?: string[];
}

/** An OpenAI-compatible server on loopback that does what a script says, and remembers. */
export interface ModelServer {
  /** Ends in /v1. */
  url: string;
  /** Chat requests in order of arrival; empty with countersOnly. */
  requests: LoggedRequest[];
  /** Chat requests so far. */
  received: number;
  inFlight: number;
  highestInFlight: number;
  /** Responses sent whole, by status. */
  statuses: Record<number, number>;
  /** Connections that ended before their response did: resets, hangs given up, clients gone. */
  cut: number;
  /** Ends all connections. */
  close(): Promise<void>;
}

/** Starts the server on a free port of 127.0.0.1: POST /v1/chat/completions, GET /v1/models, GET /health. */
export async function startModelServer(
  script: Script,
  options: ModelServerOptions = {},
): Promise<ModelServer> {
  const scripted = new ScriptedServer(script, options);
  const http = createServer((request, response) => scripted.route(request, response));
  http.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(0, '127.0.0.1', 1024, resolve);
  });
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const { state } = scripted;
  return Object.assign(state, {
    url: `http://127.0.0.1:${address.port}/v1`,
    close: async () => {
      const closed = new Promise((resolve) => http.close(resolve));
      http.closeAllConnections();
      await closed;
    },
  });
}

class ScriptedServer {
  readonly state: Omit<ModelServer, 'url' | 'close'> = {
    requests: [],
    received: 0,
    inFlight: 0,
    highestInFlight: 0,
    statuses: {},
    cut: 0,
  };
  readonly #script: Script;
  readonly #options: ModelServerOptions;
  #admitted = 0;

  constructor(script: Script, options: ModelServerOptions) {
    this.#script = script;
    this.#options = options;
  }

  route(request: IncomingMessage, response: ServerResponse): void {
    const route = `${request.method} ${request.url}`;
    if (route === 'POST /v1/chat/completions') {
      this.#chat(request, response).catch((error: unknown) => response.destroy(toError(error)));
    } else if (route === 'GET /v1/models') {
      const models = this.#options.models ?? ['scripted'];
      sendJson(response, 200, {
        object: 'list',
        data: models.map((id) => ({ id, object: 'model' })),
      });
    } else if (route === 'GET /health') {
      sendJson(response, 200, { status: 'ok' });
    } else {
      sendJson(response, 404, {
        error: { message: `no such path: ${route}`, type: 'invalid_request_error' },
      });
    }
  }

  async #chat(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { state } = this;
    state.received += 1;
    state.inFlight += 1;
    state.highestInFlight = Math.max(state.highestInFlight, state.inFlight);
    const number = state.received;
    const logged: { entry?: LoggedRequest } = {};
    response.on('close', () => this.#settle(response, logged.entry));
    const bytes = await readAll(request);
    const body = parseBody(bytes);
    if (typeof body === 'string') {
      return perform({ kind: 'status', status: 400, message: body }, 'none', response);
    }
    const hash = createHash('sha256').update(bytes).digest('hex');
    const asked = { number, body, hash, headers: request.headers };
    if (this.#options.countersOnly !== true) {
      logged.entry = { ...asked, time: Date.now(), status: null };
      state.requests.push(logged.entry);
    }
    await perform(await this.#decide(asked, response), body.model, response);
  }

  async #decide(request: ChatRequest, response: ServerResponse): Promise<Action> {
    const { admission } = this.#options;
    if (admission !== undefined && this.#admitted >= admission.limit) {
      return tooManyRequests(admission.retryAfterSeconds);
    }
    this.#admitted += 1;
    response.on('close', () => {
      this.#admitted -= 1;
    });
    return this.#script(request);
  }

  #settle(response: ServerResponse, entry: LoggedRequest | undefined): void {
    const { state } = this;
    state.inFlight -= 1;
    if (!response.writableFinished) {
      state.cut += 1;
      return;
    }
    const status = response.statusCode;
    state.statuses[status] = (state.statuses[status] ?? 0) + 1;
    if (entry !== undefined) entry.status = status;
  }
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The body, or what is wrong with it. */
function parseBody(bytes: Buffer): ChatBody | string {
  try {
    const parsed = ChatBody.safeParse(JSON.parse(bytes.toString('utf8')));
    return parsed.success ? parsed.data : z.prettifyError(parsed.error);
  } catch (error) {
    return toError(error).message;
  }
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function toError(value: unknown): Error {
  return value instanceof Error ? value : new Error(String(value));
}
