import { z } from 'zod';

/** How alike a row and a benchmark must be for the row to be dropped; what is below is listed in the report. */
export const DecontaminationRules = z.strictObject({
  /** A row that has so many words in a row of a benchmark is dropped. */
  words_in_a_row: z.number().int().min(8).default(13),
  ngram8: z
    .strictObject({
      /** Share of one item's 8-grams that stand in the row. */
      share: z.number().gt(0).max(1).default(0.5),
      /** That share counts from so many 8-grams on: an item of nine words has but two. */
      matched: z.number().int().positive().default(3),
    })
    .prefault({}),
  tools: z
    .strictObject({
      /** Share of the row's tools that have names of the benchmark's. */
      share: z.number().gt(0).max(1).default(0.5),
      /** So many names at least; a name of a single word (`search`) counts half. */
      names: z.number().positive().default(5),
      /** So many tools whose description is the benchmark's too, word for word, are enough alone. */
      descriptions: z.number().int().positive().default(2),
    })
    .prefault({}),
  identifiers: z
    .strictObject({
      /** So many that no chance makes (`emma_kim_9957`, `#W9911714`) are enough. */
      specific: z.number().int().positive().default(1),
      /** So many at least of both kinds, the short ones (`HAT097`) among them. */
      any: z.number().int().positive().default(3),
    })
    .prefault({}),
  /** Cosine of two texts' embeddings; right for one model only, so try it on a few rows. Used where an endpoint is given. */
  embedding_cosine: z.number().gt(0).max(1).default(0.9),
});
export type DecontaminationRules = z.infer<typeof DecontaminationRules>;
