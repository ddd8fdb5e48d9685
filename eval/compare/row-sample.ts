import { wordsOf } from '../../core/text/shingles.ts';
import type { Trajectory } from '../../core/trajectory.ts';
import { saidIn } from './texts.ts';

/** What is kept of a row that came through, for measures of a set of rows. */
export interface SampledRow {
  rank: number;
  passage: string;
  id: string;
  /** What user and assistant say, at most so many words. */
  words: string[];
  /** The name of each call's tool. */
  called: string[];
  domains: string[];
  /** null where no filter was asked. */
  task: string | null;
  /** Of length one; undefined where no endpoint was asked for embeddings. */
  vector?: Float32Array;
}

/** Rows of a run that measures of sets look at, so that their memory and time have a bound. */
const SAMPLE_ROWS = 1000;
const MOST_WORDS = 4000;

/** The rows whose passages come first in the seeded order. */
export class RowSample {
  #rows: SampledRow[] = [];
  /** From here on the order has enough rows. */
  #enough = Number.POSITIVE_INFINITY;
  /** Each word once in memory: rows say the same words. */
  readonly #vocabulary = new Map<string, string>();

  add(rank: number, row: Trajectory): void {
    if (rank > this.#enough) return;
    this.#rows.push({
      rank,
      passage: row.source.id,
      id: row.id,
      words: this.#wordsOf(row),
      called: row.messages.flatMap((message) =>
        message.role === 'assistant'
          ? (message.tool_calls ?? []).map((call) => call.function.name)
          : [],
      ),
      domains: [...new Set<string>(row.tags?.domains)],
      task: row.tags?.task ?? null,
    });
    if (this.#rows.length >= 2 * SAMPLE_ROWS) this.#cut();
  }

  /** In the seeded order. */
  rows(): SampledRow[] {
    this.#cut();
    return this.#rows;
  }

  #cut(): void {
    this.#rows.sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1));
    if (this.#rows.length < SAMPLE_ROWS) return;
    this.#rows.length = SAMPLE_ROWS;
    this.#enough = this.#rows.at(-1)?.rank ?? this.#enough;
  }

  #wordsOf(row: Trajectory): string[] {
    const words = saidIn(row).flatMap(wordsOf).slice(0, MOST_WORDS);
    return words.map((word) => {
      const known = this.#vocabulary.get(word);
      if (known !== undefined) return known;
      this.#vocabulary.set(word, word);
      return word;
    });
  }
}
