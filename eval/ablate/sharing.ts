import { join } from 'node:path';
import { z } from 'zod';
import { JournalReader } from '../../core/llm/journal.ts';

/** Answers, and what they cost or would have cost. */
export const Answers = z.object({ requests: z.number(), tokens: z.number(), usd: z.number() });
type Answers = z.infer<typeof Answers>;

/** The answers in a run's journal: those it asked for, and those that another run had. */
export interface Sharing {
  paid: Answers;
  shared: Answers;
}

/** Adds up a run's journal by the heads of its lines; a run without one has none. */
export async function sharingOf(folder: string): Promise<Sharing> {
  const sharing = { paid: noAnswers(), shared: noAnswers() };
  const reader = await JournalReader.open(
    join(folder, 'journal.jsonl'),
    () => false,
    (line) => {
      if (!('key' in line)) return;
      const of = line.reused ? sharing.shared : sharing.paid;
      of.requests += 1;
      of.tokens += line.prompt_tokens + line.completion_tokens;
      of.usd += line.cost_usd;
    },
  );
  await reader.close();
  return sharing;
}

/** The sum over runs. */
export function sharingOfAll(runs: readonly Sharing[]): Sharing {
  const sum = { paid: noAnswers(), shared: noAnswers() };
  for (const run of runs)
    for (const kind of ['paid', 'shared'] as const)
      for (const key of ['requests', 'tokens', 'usd'] as const) sum[kind][key] += run[kind][key];
  return sum;
}

function noAnswers(): Answers {
  return { requests: 0, tokens: 0, usd: 0 };
}
