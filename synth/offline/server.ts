import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { estimateTokens } from '../../core/text/tokens.ts';
import { OfflineTeacherError } from './errors.ts';
import { OfflineRequest } from './request.ts';
import { answerOffline, type OfflineOptions } from './teacher.ts';

export const OFFLINE_MODEL = 'offline-teacher';
const LARGEST_BODY = 32 * 1024 * 1024;

/**
 * Starts the offline teacher on a port of 127.0.0.1 (a free one without `port`). `url` ends in /v1, as OpenAI clients
 * want it; `close` ends open connections. Rejects with the system's error when the port is taken.
 */
export async function startOfflineTeacher(
  options: OfflineOptions & { port?: number },
): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    respond(request, response, options).catch((error: unknown) => {
      sendError(
        response,
        500,
        error instanceof Error ? error.message : String(error),
        'internal_error',
      );
    });
  });
  server.keepAliveTimeout = 60_000;
  await listen(server, options.port ?? 0);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return { url: `http://127.0.0.1:${port}/v1`, close: () => close(server) };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  options: OfflineOptions,
): Promise<void> {
  const path = request.url?.split('?')[0] ?? '/';
  if (request.method === 'GET' && path === '/health') return send(response, 200, { status: 'ok' });
  if (request.method === 'GET' && path === '/v1/models') {
    return send(response, 200, {
      object: 'list',
      data: [{ id: OFFLINE_MODEL, object: 'model', owned_by: 'gem-traj' }],
    });
  }
  if (request.method !== 'POST' || path !== '/v1/chat/completions') {
    return sendError(response, 404, `no such path: ${request.method} ${path}`, 'not_found');
  }
  const body = Completion.safeParse(parseOrUndefined(await read(request)));
  if (!body.success) {
    const issue = body.error.issues[0];
    return sendError(
      response,
      400,
      `${issue?.path.join('.') || 'body'}: ${issue?.message}`,
      'invalid_request',
    );
  }
  complete(response, body.data, options);
}

const Completion = OfflineRequest.extend({
  model: z.string(),
  max_tokens: z.number().int().positive().nullish(),
  max_completion_tokens: z.number().int().positive().nullish(),
  stream: z.literal(false, { error: 'streaming is not offered' }).nullish(),
});

let answered = 0;

function complete(
  response: ServerResponse,
  body: z.infer<typeof Completion>,
  options: OfflineOptions,
): void {
  if (body.model !== OFFLINE_MODEL) {
    sendError(
      response,
      404,
      `The model ${JSON.stringify(body.model)} does not exist; this server has ${OFFLINE_MODEL}.`,
      'model_not_found',
    );
    return;
  }
  try {
    const text = answerOffline(body, options);
    const most = body.max_completion_tokens ?? body.max_tokens ?? undefined;
    answered += 1;
    send(response, 200, completion(body, text, most));
  } catch (error) {
    if (!(error instanceof OfflineTeacherError)) throw error;
    sendError(response, 400, error.message, 'unknown_task');
  }
}

function completion(body: OfflineRequest, text: string, most: number | undefined): unknown {
  const whole = estimateTokens(text);
  const isCut = most !== undefined && whole > most;
  const content = isCut ? cut(text, most) : text;
  const promptTokens = body.messages.reduce(
    (sum, message) => sum + estimateTokens(message.content) + 4,
    0,
  );
  const completionTokens = isCut ? most : whole;
  return {
    id: `offline-${answered}`,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model: OFFLINE_MODEL,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content },
        finish_reason: isCut ? 'length' : 'stop',
      },
    ],
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
      prompt_tokens_details: { cached_tokens: 0 },
    },
  };
}

/** The longest beginning of a text with at most so many tokens, by halving. */
function cut(text: string, most: number): string {
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (estimateTokens(text.slice(0, middle)) <= most) low = middle;
    else high = middle - 1;
  }
  return text.slice(0, low);
}

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    const bytes = Buffer.isBuffer(part) ? part : Buffer.from(String(part));
    size += bytes.length;
    if (size > LARGEST_BODY) throw new Error(`the request has more than ${LARGEST_BODY} bytes`);
    parts.push(bytes);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

function sendError(response: ServerResponse, status: number, message: string, code: string): void {
  if (response.headersSent) {
    response.end();
    return;
  }
  const type = status >= 500 ? 'server_error' : 'invalid_request_error';
  send(response, status, { error: { message, type, param: null, code } });
}
