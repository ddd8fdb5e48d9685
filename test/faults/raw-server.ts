import { readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { onTestFinished } from 'vitest';

/**
 * A server on loopback that sends these bytes for each request as they are, and then ends the connection unless told
 * to keep it; closed after the test.
 * @returns a base URL
 */
export async function rawServer(
  respond: (socket: Socket) => void,
  { tls = false } = {},
): Promise<string> {
  const onConnection = (socket: Socket) => {
    socket.on('error', () => {});
    // The client's request is small: it arrives whole, or in two pieces of which the first is enough.
    socket.once('data', () => respond(socket));
  };
  const server = tls ? createTlsServer(selfSigned(), onConnection) : createServer(onConnection);
  return `${tls ? 'https' : 'http'}://127.0.0.1:${await listen(server)}/v1`;
}

/** A certificate that no authority has signed, good until 2126. */
function selfSigned() {
  const file = (name: string) => readFileSync(new URL(`self-signed/${name}.pem`, import.meta.url));
  return { key: file('key'), cert: file('certificate') };
}

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}
