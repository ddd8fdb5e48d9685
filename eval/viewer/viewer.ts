import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { describeError, errorCode, UsageError } from '../../core/errors.ts';
import type { RowFormat } from '../../core/formats/read-row.ts';
import { cookieName, hasCookie, isLocalHost, isSame, newToken } from './access.ts';
import { ANSWERS } from './answers.ts';
import { Catalogue } from './catalogue.ts';
import { pageFile } from './page-files.ts';
import { HEADERS, send, sendProblem } from './reply.ts';
import { openSource } from './sources/source.ts';

export interface ViewerOptions {
  /** On 127.0.0.1; 0 takes a free one. */
  port: number;
  format: RowFormat | 'auto';
}

/** A viewer at work. */
export interface Viewer {
  /** With the token: opens the page. */
  url: string;
  catalogue: Catalogue;
  /** Resolves once all rows are indexed; the page works before. */
  indexed: Promise<void>;
  close(): Promise<void>;
}

/**
 * Serves runs and files as a local page, for this machine alone.
 * @param names runs (names or folders) and files
 * @throws UsageError for what is not there, runs without any row, and a port that is taken
 */
export async function startViewer(
  names: readonly string[],
  { port, format }: ViewerOptions,
): Promise<Viewer> {
  const sources = await Promise.all(names.map((name) => openSource(name, format)));
  const catalogue = await Catalogue.open(sources);
  await catalogue.requireRows();
  const token = newToken();
  const server = createServer((request, response) => {
    void answer(catalogue, token, request, response);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening').catch((cause: unknown) => {
    throw errorCode(cause) === 'EADDRINUSE' ? portInUse(port, cause) : cause;
  });
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://127.0.0.1:${bound}/?token=${token}`,
    catalogue,
    indexed: catalogue.update(),
    close: async () => {
      catalogue.end();
      server.close();
      server.closeAllConnections();
      await once(server, 'close').catch(() => {});
    },
  };
}

function portInUse(port: number, cause: unknown): UsageError {
  return new UsageError(`--port ${port} is in use; give another, or 0 for a free one`, { cause });
}

async function answer(
  catalogue: Catalogue,
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await route(catalogue, token, request, response);
  } catch (error) {
    const status = error instanceof UsageError ? 400 : 500;
    if (response.headersSent) response.destroy();
    else sendProblem(response, status, describeError(error));
  }
}

async function route(
  catalogue: Catalogue,
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!isLocalHost(request))
    return refuse(response, 'this page is served to its own machine alone');
  const { pathname, searchParams: parameters } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const cookie = cookieName(request.socket.localPort ?? 0);
  if (pathname === '/' && isSame(parameters.get('token'), token)) {
    const kept = `${cookie}=${token}; HttpOnly; SameSite=Strict; Path=/`;
    response.writeHead(303, { ...HEADERS, 'Set-Cookie': kept, Location: '/' });
    response.end();
    return;
  }
  if (!hasCookie(request, cookie, token))
    return refuse(response, 'open the address that `gem-traj view` printed: it has the token');
  const asked = ANSWERS[`${request.method} ${pathname}`];
  if (asked !== undefined) return asked({ catalogue, parameters, request, response });
  const file = request.method === 'GET' ? await pageFile(pathname) : undefined;
  if (file === undefined) return sendProblem(response, 404, 'there is nothing here');
  send(response, 200, file.type, file.body);
}

function refuse(response: ServerResponse, why: string): void {
  send(response, 403, 'text/plain; charset=utf-8', `${why}\n`);
}
