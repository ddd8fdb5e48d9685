import { createServer, type IncomingMessage } from 'node:http';
import { z } from 'zod';
import { estimateTokens } from '../../core/text/tokens.ts';
import { answerOffline } from '../../synth/offline/teacher.ts';
import type { PrefixCache } from './prefix-cache.ts';

const Body = z.object({
  messages: z.array(z.object({ role: z.string(), content: z.string() })),
  seed: z.number().optional(),
});
type Body = z.infer<typeof Body>;

/** What was asked of a stage: requests, units of their prompts, and those of them that each cache held. */
export interface Shared {
  requests: number;
  units: number;
  cached: number[];
}

export interface PrefixServerOptions {
  /** Cuts a prompt into the units that caches count: tokens, or bytes. */
  encode: (prompt: string) => ArrayLike<number>;
  /** Each sees every prompt; the first one's figure is what the answers say. */
  caches: PrefixCache[];
  defectRate: number;
}

/** The offline teacher behind prefix caches that count; each answer says how much of its prompt was cached. */
export async function startPrefixServer({ encode, caches, defectRate }: PrefixServerOptions) {
  const stages = new Map<string, Shared>();
  const http = createServer(async (request, response) => {
    const body = Body.parse(JSON.parse(await textOf(request)));
    const prompt = encode(asChat(body));
    const cached = caches.map((cache) => cache.take(prompt));
    note(stages, stageOf(body), prompt.length, cached);
    const { messages, seed = 0 } = body;
    const asked = { messages, seed, response_format: undefined };
    const text = answerOffline(asked, { size: 'compact', defectRate, seed: 0 });
    const usage = {
      prompt_tokens: prompt.length,
      completion_tokens: estimateTokens(text),
      prompt_tokens_details: { cached_tokens: cached[0] ?? 0 },
    };
    const choice = {
      index: 0,
      message: { role: 'assistant', content: text },
      finish_reason: 'stop',
    };
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ object: 'chat.completion', choices: [choice], usage }));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  const port = typeof address === 'object' ? address?.port : address;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    stages,
    close: () => {
      http.closeAllConnections();
      http.close();
    },
  };
}

/** As Qwen3's chat template writes messages without tools. */
function asChat({ messages }: Body): string {
  const turns = messages.map(({ role, content }) => `<|im_start|>${role}\n${content}<|im_end|>\n`);
  return `${turns.join('')}<|im_start|>assistant\n<think>\n\n</think>\n\n`;
}

/** Every prompt names its stage. */
function stageOf({ messages }: Body): string {
  const question = messages.find(({ role }) => role === 'user')?.content ?? '';
  return /^Task: (\w+)/.exec(question)?.[1] ?? 'other';
}

function note(stages: Map<string, Shared>, stage: string, units: number, cached: number[]): void {
  const before = stages.get(stage) ?? { requests: 0, units: 0, cached: cached.map(() => 0) };
  stages.set(stage, {
    requests: before.requests + 1,
    units: before.units + units,
    cached: before.cached.map((count, index) => count + (cached[index] ?? 0)),
  });
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
