import { z } from 'zod';
import { Hit, HitKind } from './hit.ts';
import type { OpenedBenchmark } from './open-benchmark.ts';

/** One line of decontamination.jsonl: the row and one thing it has of a benchmark. */
export const DecontaminationLine = Hit.extend({ row: z.string() });
export type DecontaminationLine = z.infer<typeof DecontaminationLine>;

const KindCounts = z.object({
  kind: HitKind,
  /** Rows with such a hit. */
  rows: z.number().int(),
  /** Rows that such a hit is enough to drop. */
  dropped: z.number().int(),
  /** Those of them that no other kind would drop. */
  alone: z.number().int(),
});

/** What decontamination found, for the manifest and the card; rows are counted once a benchmark. */
export const DecontaminationSummary = z.object({
  rows: z.number().int(),
  dropped: z.number().int(),
  benchmarks: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      licence: z.string(),
      attribution: z.string(),
      dropped: z.number().int(),
      kinds: z.array(KindCounts),
    }),
  ),
});
export type DecontaminationSummary = z.infer<typeof DecontaminationSummary>;

type Counts = Record<HitKind, { rows: number; dropped: number; alone: number }>;

/** Counts hits row by row; holds no rows. */
export class DecontaminationReport {
  readonly #benchmarks: Map<string, { opened: OpenedBenchmark; dropped: number; counts: Counts }>;
  #rows = 0;
  #dropped = 0;

  constructor(benchmarks: readonly OpenedBenchmark[]) {
    this.#benchmarks = new Map(
      benchmarks.map((opened) => [opened.name, { opened, dropped: 0, counts: noCounts() }]),
    );
  }

  /** Counts a row, one without hits too, and gives its lines. */
  add(row: string, hits: readonly Hit[]): DecontaminationLine[] {
    this.#rows += 1;
    if (hits.some(({ drop }) => drop)) this.#dropped += 1;
    for (const [name, counted] of this.#benchmarks) {
      const own = hits.filter(({ benchmark }) => benchmark === name);
      const dropping = own.filter(({ drop }) => drop);
      if (dropping.length > 0) counted.dropped += 1;
      for (const { kind, drop } of own) {
        const counts = counted.counts[kind];
        counts.rows += 1;
        if (drop) counts.dropped += 1;
        if (drop && dropping.length === 1) counts.alone += 1;
      }
    }
    return hits.map((hit) => ({ row, ...hit }));
  }

  summary(): DecontaminationSummary {
    const benchmarks = [...this.#benchmarks.values()].map(({ opened, dropped, counts }) => {
      const { version, licence, attribution } = opened.fingerprint;
      const kinds = HitKind.options.map((kind) => ({ kind, ...counts[kind] }));
      return { name: opened.name, version, licence, attribution, dropped, kinds };
    });
    return { rows: this.#rows, dropped: this.#dropped, benchmarks };
  }
}

/** The summary for people: a line for each benchmark. */
export function summaryLines({ rows, benchmarks }: DecontaminationSummary): string[] {
  return benchmarks.map(({ name, version, dropped, kinds }) => {
    const found = kinds
      .filter((counts) => counts.rows > 0)
      .map((counts) => `${KIND_WORDS[counts.kind]} ${counts.dropped} of ${counts.rows}`);
    const title = version === '' ? name : `${name} (${version})`;
    const how = found.length === 0 ? '' : `; dropped of found: ${found.join(', ')}`;
    return `${title}: ${dropped} of ${rows} rows dropped${how}`;
  });
}

/** Why a row is to be dropped, in a line; null where it is not. */
export function contaminationOf(hits: readonly Hit[]): string | null {
  const reasons = hits
    .filter(({ drop }) => drop)
    .map(({ benchmark, kind, value, item, where }) => {
      const of = item === null ? '' : ` of ${item}`;
      return `${benchmark}: ${KIND_WORDS[kind]} ${Number(value.toFixed(2))}${of} in ${where}`;
    });
  return reasons.length === 0 ? null : reasons.join('; ');
}

const KIND_WORDS: Record<HitKind, string> = {
  ngram13: 'words in a row',
  ngram8_share: 'share of 8-grams',
  tools: 'share of tools',
  identifiers: 'identifiers',
  embedding: 'embedding',
};

function noCounts(): Counts {
  const none = () => ({ rows: 0, dropped: 0, alone: 0 });
  return {
    ngram13: none(),
    ngram8_share: none(),
    tools: none(),
    identifiers: none(),
    embedding: none(),
  };
}
