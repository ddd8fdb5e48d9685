import { createEmbedder } from '../../core/llm/embedder.ts';
import type { NamedEndpoint } from '../../core/llm/endpoint.ts';
import { createDecontaminator } from './decontaminator.ts';
import { createEmbeddingMatcher } from './embedding-hits.ts';
import type { Hit, Subject } from './hit.ts';
import type { OpenedBenchmark } from './open-benchmark.ts';
import type { DecontaminationRules } from './rules.ts';

/** Everything that rows are held against, hashes and embeddings together. */
export interface Screen {
  benchmarks: readonly OpenedBenchmark[];
  /** Benchmarks that embeddings could not be compared with, being there as hashes only. */
  withoutTexts: readonly string[];
  /** The hits of each row; give some hundred rows at once, they share requests. */
  hits(rows: readonly Subject[]): Promise<Hit[][]>;
  close(): Promise<void>;
}

/** Where embeddings come from, and the file that keeps them. */
export interface EmbeddingSource {
  endpoint: NamedEndpoint;
  cache: string;
}

/**
 * Opens the benchmarks that rows must keep clear of.
 * @param embeddings null compares hashes alone
 * @throws UsageError for a name that is no benchmark, and where embeddings are asked for and none has texts
 */
export async function openScreen(
  names: readonly string[],
  rules: DecontaminationRules,
  embeddings: EmbeddingSource | null,
): Promise<Screen> {
  const hashes = await createDecontaminator(names, rules);
  const { benchmarks } = hashes;
  if (embeddings === null) {
    const hits = async (rows: readonly Subject[]) => rows.map((row) => hashes.hits(row));
    return { benchmarks, withoutTexts: [], hits, close: async () => {} };
  }
  const embedder = await createEmbedder(embeddings.endpoint, embeddings.cache);
  const matcher = await createEmbeddingMatcher(benchmarks, embedder, rules);
  return {
    benchmarks,
    withoutTexts: matcher.withoutTexts,
    hits: async (rows) => {
      const near = await matcher.hits(rows);
      return rows.map((row, index) => [...hashes.hits(row), ...(near[index] ?? [])]);
    },
    close: () => embedder.close(),
  };
}
