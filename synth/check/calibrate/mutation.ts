import type { Conversation } from '../../../core/conversation.ts';
import type { Workflow } from '../../../core/workflow.ts';
import type { Random } from '../../offline/seed.ts';

/** A row that is corrupted, and what it was made from where that is known. */
export interface CleanRow {
  conversation: Conversation;
  passage?: string | undefined;
  workflow?: Workflow | undefined;
}

/** A row after its corruption: it need not be a conversation any more. */
export interface CorruptedRow extends Omit<CleanRow, 'conversation'> {
  conversation: { messages: readonly unknown[]; tools: readonly unknown[] };
}

export const FAMILIES = [
  'structure',
  'grounding',
  'faithfulness',
  'rules',
  'state',
  'workflow',
] as const;
type Family = (typeof FAMILIES)[number];

/** One kind of corruption. */
export interface Mutation {
  name: string;
  family: Family;
  /** It is caught when one of these codes reports more than it did before. */
  codes: readonly string[];
  /** The row with one fault put into it; null where it has no material for that. Changes nothing in place. */
  mutate: (row: CleanRow, random: Random) => CorruptedRow | null;
}
