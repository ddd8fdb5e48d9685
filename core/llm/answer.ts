import type { ChatCompletion } from './chat-client.ts';
import type { JournalEntry } from './journal.ts';
import type { Usage } from './ledger.ts';

/** An answer as a stage sees it. Tokens, cost and seconds are those of the request that was once really sent. */
export interface Answer {
  key: string;
  text: string;
  finishReason: string | null;
  usage: Usage;
  costUsd: number;
  seconds: number;
  /** Taken from a journal: not asked now. */
  reused: boolean;
}

/** The answer that a journal holds. */
export function answerFromJournal({ head, response }: JournalEntry): Answer {
  const { prompt_tokens, cached_tokens, completion_tokens, estimated } = head;
  const usage = { prompt_tokens, cached_tokens, completion_tokens, estimated };
  return answerOf(head.key, response.completion, usage, head.cost_usd, head.seconds, true);
}

/** An answer that came just now, or out of a journal. */
export function answerOf(
  key: string,
  completion: ChatCompletion,
  usage: Usage,
  costUsd: number,
  seconds: number,
  reused: boolean,
): Answer {
  const choice = completion.choices[0];
  return {
    key,
    text: choice?.message.content ?? '',
    finishReason: choice?.finish_reason ?? null,
    usage,
    costUsd,
    seconds,
    reused,
  };
}
