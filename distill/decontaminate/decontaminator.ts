import { UsageError } from '../../core/errors.ts';
import { itemHashes } from './fingerprint.ts';
import type { Hit, Subject } from './hit.ts';
import {
  findTokens,
  type IdentifierIndex,
  identifierHit,
  identifierIndex,
} from './identifier-hits.ts';
import { type IndexedItem, ngramHits } from './ngram-hits.ts';
import { NgramIndex } from './ngram-index.ts';
import { type OpenedBenchmark, openBenchmark } from './open-benchmark.ts';
import type { DecontaminationRules } from './rules.ts';
import { textsOf } from './subject-texts.ts';
import { comparedTools, type ToolIndex, toolHit, toolIndex } from './tool-hits.ts';

/** Finds what rows have of benchmarks. */
export interface Decontaminator {
  /** The benchmarks, as --decontaminate named them. */
  benchmarks: readonly OpenedBenchmark[];
  /** A row's hits, by benchmark and kind; a row with a hit whose `drop` is true is to be left out. */
  hits(row: Subject): Hit[];
}

/**
 * Opens benchmarks (see openBenchmark) and indexes them, some 30 bytes a word.
 * @throws UsageError for a name that is no benchmark, or is given twice
 */
export async function createDecontaminator(
  names: readonly string[],
  rules: DecontaminationRules,
): Promise<Decontaminator> {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new UsageError(`the benchmark ${twice} is named twice; name it once`);
  const benchmarks = await Promise.all(names.map(openBenchmark));
  const indexed = benchmarks.map(indexOf);
  const items = indexed.flatMap((benchmark) => benchmark.items);
  const index = new NgramIndex(benchmarks.flatMap(({ fingerprint }) => itemHashes(fingerprint)));
  return {
    benchmarks,
    hits: (row) => {
      const texts = textsOf(row);
      const tokens = findTokens(texts);
      const tools = comparedTools(row.tools);
      const others = indexed.flatMap(({ name, ...own }) =>
        [
          toolHit(tools, own.tools, name, rules.tools),
          identifierHit(tokens, own.identifiers, name, rules.identifiers),
        ].filter((hit) => hit !== null),
      );
      return [...ngramHits(texts, index, items, rules), ...others];
    },
  };
}

interface IndexedBenchmark {
  name: string;
  items: IndexedItem[];
  tools: ToolIndex;
  identifiers: IdentifierIndex;
}

function indexOf({ name, fingerprint }: OpenedBenchmark): IndexedBenchmark {
  return {
    name,
    items: fingerprint.items.map(({ id, ngrams }) => ({ benchmark: name, id, ngrams })),
    tools: toolIndex(fingerprint),
    identifiers: identifierIndex(fingerprint),
  };
}
