import { z } from 'zod';
import { Conversation } from '../core/conversation.ts';

/** What a dataset teaches: to write a whole trajectory from a passage, or to act as its assistant. */
export const DatasetTask = z.enum(['synthesizer', 'agent']);
export type DatasetTask = z.infer<typeof DatasetTask>;

export const Split = z.enum(['train', 'validation', 'test']);
export type Split = z.infer<typeof Split>;

/**
 * A row before it is written for a trainer. `source_id` names the passage's document. A synthesizer
 * row has one user message, one assistant message without calls, and no tools.
 */
export const DatasetRow = Conversation.extend({ id: z.string(), source_id: z.string() });
export type DatasetRow = z.infer<typeof DatasetRow>;
