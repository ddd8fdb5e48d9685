import { z } from 'zod';

/** What the journal knows of an answer beside the response itself. */
export const JournalHead = z.object({
  key: z.string(),
  stage: z.string(),
  passage: z.string(),
  endpoint: z.string(),
  model: z.string(),
  prompt_tokens: z.number(),
  cached_tokens: z.number(),
  completion_tokens: z.number(),
  estimated: z.boolean(),
  cost_usd: z.number(),
  seconds: z.number(),
  at: z.string(),
  reused: z.boolean(),
});
export type JournalHead = z.infer<typeof JournalHead>;

/** A line's head: an answer, or the mark that a request was sent, or that it ended without an answer. */
export type JournalLine =
  | JournalHead
  | { sent: string; reserved_usd: number }
  | { lost: string; spent_usd: number };
