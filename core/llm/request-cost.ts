import { estimateTokens } from '../text/tokens.ts';
import type { ChatCompletion } from './chat-client.ts';
import type { Usage } from './ledger.ts';
import type { ModelRequest } from './request.ts';

/** What the server says that an answer used; an estimate where it does not say. */
export function usageOf(completion: ChatCompletion, request: ModelRequest): Usage {
  const { usage } = completion;
  if (usage != null) {
    const { prompt_tokens, completion_tokens, prompt_tokens_details: details } = usage;
    const cached_tokens = details?.cached_tokens ?? usage.prompt_cache_hit_tokens ?? 0;
    return { prompt_tokens, completion_tokens, cached_tokens, estimated: false };
  }
  return {
    prompt_tokens: promptTokens(request),
    completion_tokens: answerTokens(completion),
    cached_tokens: 0,
    estimated: true,
  };
}

/** Thinking is paid for too. */
function answerTokens({ choices }: ChatCompletion): number {
  const message = choices[0]?.message;
  const texts = [message?.content, message?.reasoning_content ?? message?.reasoning];
  return texts.reduce((sum, text) => sum + estimateTokens(text ?? ''), 0);
}

function promptTokens({ messages }: ModelRequest): number {
  return messages.reduce((sum, { content }) => sum + estimateTokens(content) + 4, 0);
}

const UNBOUNDED_ANSWER_TOKENS = 32_768;

/**
 * The most a request can cost, in USD: a token for each byte of the body, which no tokenizer exceeds, and max_tokens
 * of output as the body has it.
 */
export function highestCost({ endpoint }: ModelRequest, body: Record<string, unknown>): number {
  const { prices, context_length } = endpoint;
  if (prices === undefined) return 0;
  const prompt = Math.min(
    Buffer.byteLength(JSON.stringify(body)),
    context_length ?? Number.POSITIVE_INFINITY,
  );
  const limit = body.max_completion_tokens ?? body.max_tokens;
  const output = typeof limit === 'number' ? limit : (context_length ?? UNBOUNDED_ANSWER_TOKENS);
  return (prompt * prices.input + output * prices.output) / 1e6;
}
