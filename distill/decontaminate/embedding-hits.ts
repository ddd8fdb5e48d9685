import { UsageError } from '../../core/errors.ts';
import type { Embedder } from '../../core/llm/embedder.ts';
import { type Hit, type Subject, shortExample } from './hit.ts';
import type { OpenedBenchmark } from './open-benchmark.ts';
import type { DecontaminationRules } from './rules.ts';
import { type PlacedText, requestsOf } from './subject-texts.ts';

/** Finds rows that ask for what a benchmark's item asks for, in other words. */
export interface EmbeddingMatcher {
  /** Benchmarks that are there as hashes only, which have no meaning to compare. */
  withoutTexts: string[];
  /** The hits of each row; give some hundred rows at once, they share requests. */
  hits(rows: readonly Subject[]): Promise<Hit[][]>;
}

/**
 * Embeds the benchmarks' texts; takes one product of vectors for each text of theirs and each request of a row.
 * @throws UsageError when all benchmarks are hashes only
 */
export async function createEmbeddingMatcher(
  benchmarks: readonly OpenedBenchmark[],
  embedder: Embedder,
  rules: Pick<DecontaminationRules, 'embedding_cosine'>,
): Promise<EmbeddingMatcher> {
  const withoutTexts = benchmarks.filter(({ texts }) => texts === null).map(({ name }) => name);
  if (withoutTexts.length === benchmarks.length) {
    throw new UsageError(
      `embeddings compare words, and ${withoutTexts.join(', ')} is shipped as hashes only; name the file of the benchmark's texts with --decontaminate`,
    );
  }
  const items = benchmarks.flatMap(({ name, texts }) =>
    (texts ?? []).map(({ id, text }) => ({ benchmark: name, id, text })),
  );
  const vectors = await embedder.embed(items.map(({ text }) => text));
  const known = items.map((item, index) => ({ ...item, vector: vectors[index] ?? NO_VECTOR }));
  return {
    withoutTexts,
    hits: async (rows) => {
      const requests = rows.map(requestsOf);
      const embedded = await embedder.embed(requests.flat().map(({ text }) => text));
      let next = 0;
      return requests.map((own) => {
        const start = next;
        next += own.length;
        const asked = own.map((one, index) => ({
          ...one,
          vector: embedded[start + index] ?? NO_VECTOR,
        }));
        return rowHits(asked, known, rules.embedding_cosine);
      });
    },
  };
}

const NO_VECTOR = new Float32Array(0);

interface KnownItem {
  benchmark: string;
  id: string;
  vector: Float32Array;
}

type AskedText = PlacedText & { vector: Float32Array };

/** For each benchmark the nearest item, where it is near enough. */
function rowHits(
  asked: readonly AskedText[],
  known: readonly KnownItem[],
  threshold: number,
): Hit[] {
  const best = new Map<string, Hit>();
  for (const { benchmark, id, vector } of known) {
    const near = nearest(asked, vector);
    if (near === undefined || near.cosine < threshold) continue;
    const before = best.get(benchmark);
    const items = (before?.items ?? 0) + 1;
    if (before !== undefined && before.value >= near.cosine)
      best.set(benchmark, { ...before, items });
    else {
      const { where, text, cosine: value } = near;
      const example = shortExample(text);
      best.set(benchmark, {
        benchmark,
        item: id,
        items,
        kind: 'embedding',
        value,
        drop: true,
        where,
        example,
      });
    }
  }
  return [...best.values()];
}

function nearest(
  asked: readonly AskedText[],
  vector: Float32Array,
): (PlacedText & { cosine: number }) | undefined {
  let best: (PlacedText & { cosine: number }) | undefined;
  for (const { where, text, vector: own } of asked) {
    const cosine = product(own, vector);
    if (best === undefined || cosine > best.cosine) best = { where, text, cosine };
  }
  return best;
}

function product(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}
