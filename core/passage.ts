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

/**
 * The id of the document that a passage is a piece of: `guide#2` and `guide#2~1f0c9a7e` (renamed, since another
 * text had the id) are of `guide`; any other passage is a whole document.
 */
export function documentId(passage: Pick<Passage, 'id'>): string {
  return passage.id.replace(/#\d+(?:~[0-9a-f]{8})?$/, '');
}
