import { z } from 'zod';
import { ngramHashes, wordsOf } from '../../core/text/shingles.ts';
import type { Benchmark } from './benchmark.ts';
import { identifierShape, normalIdentifier } from './identifier-shape.ts';
import { packHashes, unpackHashes } from './packed-hashes.ts';
import { normalToolName } from './tool-name.ts';

/** Words of the n-grams that are kept. */
export const NGRAM_WORDS = 8;

/** A description of fewer words (`Get the current time`) is anybody's. */
const DESCRIPTION_WORDS = 5;

/** Where a benchmark comes from; the licence is that of what was hashed. */
export const BenchmarkSource = z.object({
  name: z.string(),
  version: z.string(),
  licence: z.string(),
  attribution: z.string(),
});
export type BenchmarkSource = z.infer<typeof BenchmarkSource>;

/**
 * A benchmark without its words: hashes of its 8-grams, tools and identifiers, to be shipped
 * (configs/benchmarks/NAME.json.gz). Hashes are core/text/shingles.ts's.
 */
export const BenchmarkFingerprint = BenchmarkSource.extend({
  format: z.literal(1),
  ngram_words: z.literal(NGRAM_WORDS),
  /** The texts, and how many of the hashes below are each one's. */
  items: z.array(z.object({ id: z.string(), ngrams: z.number().int().min(0) })),
  /** Base64 of seven bytes a hash, the items' one after another. */
  ngrams: z.base64(),
  tools: z.array(
    z.object({ group: z.string(), name: z.number(), description: z.number().nullable() }),
  ),
  identifiers: z.array(
    z.object({ id: z.string(), hash: z.number(), shape: z.enum(['specific', 'short']) }),
  ),
});
export type BenchmarkFingerprint = z.infer<typeof BenchmarkFingerprint>;

/** Hashes a benchmark: texts shorter than eight words and identifiers that tell nothing are left out, doubles too. */
export function fingerprintOf(benchmark: Benchmark, source: BenchmarkSource): BenchmarkFingerprint {
  const texts = new Map(benchmark.items.map(({ id, text }) => [wordsOf(text).join(' '), id]));
  const items = [...texts]
    .map(([text, id]) => ({ id, hashes: ngramHashes(text.split(' '), NGRAM_WORDS) }))
    .filter(({ hashes }) => hashes.length > 0);
  return {
    ...source,
    format: 1,
    ngram_words: NGRAM_WORDS,
    items: items.map(({ id, hashes }) => ({ id, ngrams: hashes.length })),
    ngrams: packHashes(items.map(({ hashes }) => hashes)),
    tools: toolsOf(benchmark.tools),
    identifiers: identifiersOf(benchmark.identifiers),
  };
}

/** The hashes of each item's 8-grams, in its text's order. */
export function itemHashes({ items, ngrams }: BenchmarkFingerprint): Float64Array[] {
  const all = unpackHashes(ngrams);
  let start = 0;
  return items.map(({ ngrams: count }) => {
    start += count;
    return all.subarray(start - count, start);
  });
}

/** A text as one hash. */
export function textHash(text: string): number {
  return ngramHashes([text], 1)[0] ?? 0;
}

/** A description as one hash, whatever its punctuation; null for one of a few words. */
export function descriptionHash(description: string): number | null {
  const words = wordsOf(description);
  return words.length < DESCRIPTION_WORDS ? null : textHash(words.join(' '));
}

/** One entry a description; a name has one without a description only where it has no other. */
function toolsOf(tools: Benchmark['tools']): BenchmarkFingerprint['tools'] {
  const entries = tools.map(({ group, name, description }) => ({
    group,
    name: textHash(normalToolName(name)),
    description: description === null ? null : descriptionHash(description),
  }));
  const described = new Set(
    entries.filter(({ description }) => description !== null).map((tool) => keyOf(tool)),
  );
  const kept = entries.filter((tool) => tool.description !== null || !described.has(keyOf(tool)));
  return distinct(kept, (tool) => `${keyOf(tool)} ${tool.description}`);
}

function keyOf({ group, name }: { group: string; name: number }): string {
  return `${group} ${name}`;
}

function identifiersOf(identifiers: Benchmark['identifiers']): BenchmarkFingerprint['identifiers'] {
  const entries = identifiers.flatMap(({ id, text }) => {
    const shape = identifierShape(text);
    return shape === null ? [] : [{ id, hash: textHash(normalIdentifier(text)), shape }];
  });
  return distinct(entries, ({ hash }) => String(hash));
}

function distinct<T>(entries: readonly T[], keyOfEntry: (entry: T) => string): T[] {
  return [
    ...new Map(entries.toReversed().map((entry) => [keyOfEntry(entry), entry])).values(),
  ].reverse();
}
