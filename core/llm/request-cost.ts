import { estimateTokens } from '../text/tokens.ts';
import type { ChatCompletion } from './chat-client.ts';
import type { Usage } from './ledger.ts';
import type { ModelRequest } from './request.ts';

/** What the server says that an answer used; an estimate where it does not say. */
export function usageOf(completion: ChatCompletion, request: ModelRequest): Usage {
  const { usage } = completion;
  if (usage != null) {
    const { prompt_tokens, completion_tokens, prompt_tokens_details: details } = usage;
    return {
      prompt_tokens,
      completion_tokens,
      cached_tokens: details?.cached_tokens ?? 0,
      estimated: false,
    };
  }
  return {
    prompt_tokens: promptTokens(request),
    completion_tokens: estimateTokens(completion.choices[0]?.message.content ?? ''),
    cached_tokens: 0,
    estimated: true,
  };
}

function promptTokens({ messages }: ModelRequest): number {
  return messages.reduce((sum, { content }) => sum + estimateTokens(content) + 4, 0);
}

const UNBOUNDED_ANSWER_TOKENS = 32_768;

/** The most a request can cost: half again the estimated prompt, at most its bytes, and max_tokens of output. */
export function highestCost(request: ModelRequest): number {
  const { prices, context_length } = request.endpoint;
  if (prices === undefined) return 0;
  const bytes = request.messages.reduce(
    (sum, { content }) => sum + Buffer.byteLength(content) + 16,
    0,
  );
  const prompt = Math.min(bytes, promptTokens(request) * 1.5 + 64);
  const output = request.sampling.max_tokens ?? context_length ?? UNBOUNDED_ANSWER_TOKENS;
  return (prompt * prices.input + output * prices.output) / 1e6;
}
