import { z } from 'zod';

/** A piece of a corpus that one trajectory, or a few, are made from (the paper's text segment). */
export const Passage = z.object({
  id: z.string(),
  sha256: z.string(),
  text: z.string(),
  title: z.string().nullable(),
  url: z.string().nullable(),
  licence: z.string().nullable(),
});
export type Passage = z.infer<typeof Passage>;
