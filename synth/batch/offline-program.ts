import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { z } from 'zod';
import { ChatClient } from '../../core/llm/chat-client.ts';
import { urlsOf } from '../../core/llm/endpoint.ts';
import { classifyFailure } from '../../core/llm/failure.ts';
import { readLines } from '../corpus/lines.ts';
import type { BatchProgram } from './program-backend.ts';

const InputLine = z.object({ custom_id: z.string(), body: z.record(z.string(), z.unknown()) });

/** Asks the offline teacher line by line: batches without a provider, to try the mode out. */
export const offlineProgram: BatchProgram = {
  name: 'offline teacher',
  async run({ endpoint, files }, signal, onCounts) {
    const client = new ChatClient(endpoint);
    const url = urlsOf(endpoint)[0] ?? '';
    const output = createWriteStream(files.output);
    let done = 0;
    for await (const { bytes } of readLines(createReadStream(files.input), files.input)) {
      signal.throwIfAborted();
      const line = InputLine.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
      const result = await answerTo(client, url, line.body);
      const text = `${JSON.stringify({ custom_id: line.custom_id, ...result })}\n`;
      if (!output.write(text)) await once(output, 'drain');
      done += 1;
      onCounts({ state: 'in_progress', done });
    }
    output.end();
    await finished(output);
    return '';
  },
};

async function answerTo(
  client: ChatClient,
  url: string,
  body: Record<string, unknown>,
): Promise<{ response: { status_code: number | null; body: unknown }; error: unknown }> {
  try {
    const { raw } = await client.complete(url, body, new AbortController().signal);
    return { response: { status_code: 200, body: JSON.parse(raw) }, error: null };
  } catch (error) {
    const { status, reason } = classifyFailure(error);
    return { response: { status_code: status, body: null }, error: { message: reason } };
  }
}
