import { createServer, type RequestListener } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { firstAnswer, untilHealthy } from '../../../core/launch/server-health.ts';
import { Endpoint } from '../../../core/llm/endpoint.ts';

/** Neither over nor stopped, unless it is told. */
function patience() {
  const [over, stopping] = [new AbortController(), new AbortController()];
  return { over, stopping, signals: { over: over.signal, stopping: stopping.signal } };
}

async function listening(onRequest: RequestListener): Promise<string> {
  const server = createServer(onRequest).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it has no port');
  return `http://127.0.0.1:${address.port}`;
}

describe('waiting for a server', () => {
  it('ends with its time also where an answer is waited for', async () => {
    let asked = 0;
    const root = await listening(() => {
      asked += 1;
    });
    const { signals } = patience();
    await expect(untilHealthy(root, { ...signals, timeoutMs: 600 })).rejects.toThrow(
      /was not healthy within 0.6 s .* --timeout/,
    );
    // Not once more for each half second that was not slept.
    expect(asked).toBe(1);
  });
});

describe('the first question', () => {
  it('is given up on Ctrl-C', async () => {
    const { signals, stopping } = patience();
    const root = await listening(() => stopping.abort());
    expect(await firstAnswer(endpoint(root), signals)).toBeUndefined();
  });

  it('ends with the server that dies of it, by its own last words', async () => {
    const { signals, over } = patience();
    const root = await listening((request) => {
      request.socket.destroy();
      setImmediate(() => over.abort(new Error('the server ended (exit 7)')));
    });
    await expect(firstAnswer(endpoint(root), signals)).rejects.toThrow('the server ended (exit 7)');
  });

  it('that is refused is told with the server’s words', async () => {
    const root = await listening((_, response) => {
      response.writeHead(500).end('{"error": {"message": "the template is broken"}}');
    });
    await expect(firstAnswer(endpoint(root), patience().signals)).rejects.toThrow(
      /is up, and does not answer a chat request .*the template is broken/,
    );
  });
});

function endpoint(root: string) {
  return { ...Endpoint.parse({ base_url: `${root}/v1`, model: 'm' }), name: 'mine' };
}
