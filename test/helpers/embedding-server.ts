import { once } from 'node:events';
import { createServer } from 'node:http';
import { onTestFinished } from 'vitest';
import { Endpoint, type NamedEndpoint } from '../../core/llm/endpoint.ts';

/** A server of /embeddings; closed after the test. */
export interface EmbeddingServer {
  endpoint: NamedEndpoint;
  /** The texts of each request. */
  asked: string[][];
}

/** A server whose vectors are `vectorOf` of the texts; `answer` is said instead where it is given. */
export async function startEmbeddings(
  vectorOf: (text: string) => number[],
  answer?: { status: number; body: unknown },
): Promise<EmbeddingServer> {
  const asked: string[][] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { input } = JSON.parse(Buffer.concat(chunks).toString());
    asked.push(input);
    response.writeHead(answer?.status ?? 200, { 'content-type': 'application/json' });
    // In the reverse order: the index tells which is which.
    const data = input.map((text: string, index: number) => ({ index, embedding: vectorOf(text) }));
    response.end(JSON.stringify(answer?.body ?? { data: data.reverse() }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : '';
  const settings = Endpoint.parse({ base_url: `http://127.0.0.1:${port}/v1`, model: 'counts' });
  return { asked, endpoint: { ...settings, name: 'vectors' } };
}
