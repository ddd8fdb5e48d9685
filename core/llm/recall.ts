import { type Answer, answerFromJournal } from './answer.ts';
import type { JournalReader, JournalWriter } from './journal.ts';
import type { Ledger } from './ledger.ts';
import type { ModelRequest } from './request.ts';

/** Where an answer may be already. */
export interface Answered {
  journal: JournalWriter;
  /** This run's own earlier answers, then other runs'. */
  own: JournalReader | null;
  others: readonly JournalReader[];
  ledger: Ledger;
}

/**
 * The answer to a request that a journal holds. Another run's answer goes into this run's journal too, as reused.
 * @returns undefined where it was never answered
 */
export async function recallAnswer(
  request: ModelRequest,
  key: string,
  { journal, own, others, ledger }: Answered,
): Promise<Answer | undefined> {
  const mine = await own?.get(key);
  if (mine !== undefined) return answerFromJournal(mine);
  for (const other of others) {
    const entry = await other.get(key);
    if (entry === undefined) continue;
    const { head, response } = entry;
    const { cost_usd: costUsd, seconds } = head;
    const { prompt_tokens, cached_tokens, completion_tokens, estimated } = head;
    const usage = { prompt_tokens, cached_tokens, completion_tokens, estimated };
    await journal.append({ request, key, usage, costUsd, seconds, reused: true, response });
    ledger.reused(request.stage, request.endpoint.name);
    return answerFromJournal(entry);
  }
  return undefined;
}
