import { createServer } from 'node:net';
import { errorCode, UsageError } from '../errors.ts';

/**
 * The port that a server is to listen on: 0 is replaced by a free one.
 * @throws UsageError when the port is taken or may not be used
 */
export async function requireFreePort(port: number, host: string): Promise<number> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('a port has no number');
    return address.port;
  } catch (error) {
    throw portProblem(error, port, host);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

function portProblem(cause: unknown, port: number, host: string): unknown {
  const advice = '--port gives another, and --port 0 takes a free one';
  if (errorCode(cause) === 'EADDRINUSE')
    return new UsageError(`port ${port} on ${host} is taken by another program; ${advice}`, {
      cause,
    });
  if (errorCode(cause) === 'EACCES')
    return new UsageError(`port ${port} may not be used here; ${advice}`, { cause });
  if (errorCode(cause) === 'EADDRNOTAVAIL' || errorCode(cause) === 'ENOTFOUND')
    return new UsageError(
      `--host ${host} is no address of this machine; 127.0.0.1 is for this machine alone, 0.0.0.0 for all that reach it`,
      { cause },
    );
  return cause;
}
