import { z } from 'zod';
import { Split } from './dataset-row.ts';
import { RowFacts } from './row-facts.ts';

const Origin = {
  id: z.string(),
  /** The document and the passage that the row was made from. */
  source_id: z.string(),
  passage_id: z.string(),
  run: z.string(),
};

/** A line of decisions.jsonl: what became of a row that was read. */
export const DecisionLine = z.discriminatedUnion('kept', [
  z.object({ ...Origin, kept: z.literal(true), split: Split, facts: RowFacts }),
  z.object({
    ...Origin,
    kept: z.literal(false),
    code: z.string(),
    text: z.string(),
    /** The row that was kept instead, and how alike the two are, where it was a duplicate. */
    against: z.string().nullable(),
    value: z.number().nullable(),
  }),
]);
export type DecisionLine = z.infer<typeof DecisionLine>;
