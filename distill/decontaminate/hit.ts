import { z } from 'zod';
import type { Message, ToolDefinition } from '../../core/conversation.ts';
import type { Passage } from '../../core/passage.ts';

/** What is held against benchmarks: a conversation, and the passage it was made from where there is one. */
export interface Subject {
  messages: readonly Message[];
  tools: readonly ToolDefinition[];
  source?: Pick<Passage, 'text'> | null | undefined;
}

export const HitKind = z.enum(['ngram13', 'ngram8_share', 'tools', 'identifiers', 'embedding']);
export type HitKind = z.infer<typeof HitKind>;

/** One kind of evidence that a row and one benchmark have something in common. */
export const Hit = z.object({
  benchmark: z.string(),
  /** The item it shows most in; null where no single one is meant. */
  item: z.string().nullable(),
  /** How many items of the benchmark it shows in. */
  items: z.number().int(),
  kind: HitKind,
  /** Words in a row; share of the item's 8-grams; share of the row's tools; identifiers; cosine. */
  value: z.number(),
  drop: z.boolean(),
  /** Of the row: `messages[3]`, `tools[0]` or `source`. */
  where: z.string(),
  /** What of the row was recognised, 160 characters at most. */
  example: z.string(),
});
export type Hit = z.infer<typeof Hit>;

const EXAMPLE_CHARACTERS = 160;

/** A text short enough for a hit's example. */
export function shortExample(text: string): string {
  if (text.length <= EXAMPLE_CHARACTERS) return text;
  return `${text.slice(0, EXAMPLE_CHARACTERS - 3).trimEnd()}...`;
}
