import { createServer, type IncomingMessage } from 'node:http';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { type Action, answer, perform } from '../../helpers/model-actions.ts';

const AskedMessage = z.looseObject({ role: z.string(), content: z.string().nullish() });

const Asked = z.looseObject({
  model: z.string(),
  messages: z.array(AskedMessage),
  tools: z.array(z.object({ function: z.looseObject({ name: z.string() }) })).nullish(),
});
/** A chat request with tools; test/helpers/model-server.ts takes texts only. */
export type Asked = z.infer<typeof Asked>;

export interface Oracle {
  /** Ends in /v1. */
  url: string;
  requests: { body: Asked; authorization: string | undefined }[];
}

/** A server on loopback that answers as told, until the test is over. */
export async function startOracle(say: (asked: Asked) => Action): Promise<Oracle> {
  const requests: Oracle['requests'] = [];
  const http = createServer(async (request, response) => {
    const body = Asked.parse(JSON.parse(await textOf(request)));
    requests.push({ body, authorization: request.headers.authorization });
    await perform(say(body), body.model, response);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return { url: `http://127.0.0.1:${address.port}/v1`, requests };
}

export interface OracleCall {
  name: string;
  arguments: Record<string, unknown>;
}

/** An answer that calls tools. */
export function calling(calls: readonly OracleCall[]): Action {
  const toolCalls = calls.map(({ name, arguments: given }, index) => ({
    id: `call_${index}_${Math.floor(Math.random() * 1e9)}`,
    type: 'function',
    function: { name, arguments: JSON.stringify(given) },
  }));
  return answer('', { finishReason: 'tool_calls', message: { tool_calls: toolCalls } });
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
