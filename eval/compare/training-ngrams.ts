import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Message } from '../../core/conversation.ts';
import { UsageError } from '../../core/errors.ts';
import { readJsonl } from '../../core/jsonl-read.ts';
import { documentId } from '../../core/passage.ts';
import { parseLine } from '../../core/run/parse-line.ts';
import { readSynthesizerAnswer } from '../../core/synthesizer.ts';
import { ngramHashes, wordsOf } from '../../core/text/shingles.ts';
import type { Rejection, Trajectory } from '../../core/trajectory.ts';
import { textsOf } from './texts.ts';

/** Words that agree in a row before they count as copied. */
const COPIED_WORDS = 8;
const MOST_HASHES = 2_000_000;

/** A line of a dataset in TRL's forms: a conversation, or a synthesizer's prompt and answer. */
const TrainingLine = z
  .object({ source_id: z.string() })
  .and(
    z.union([
      z.object({ messages: z.array(Message) }),
      z.object({ completion: z.array(z.object({ content: z.string() })) }),
    ]),
  );

/** The runs of eight words in a training set; of a large one an even share, chosen by their hashes. */
export class TrainingNgrams {
  rows = 0;
  readonly #hashes = new Set<number>();
  readonly #documents = new Set<string>();
  /** Hashes that this does not divide are left out, on both sides of the comparison. */
  #modulus = 1;

  /** Whether a passage's document gave rows to the training set. */
  hasDocument(source: Trajectory['source']): boolean {
    return this.#documents.has(documentId(source));
  }

  add(source: string, texts: readonly string[]): void {
    this.rows += 1;
    this.#documents.add(source);
    for (const text of texts) {
      for (const hash of hashesOf(text)) if (hash % this.#modulus === 0) this.#hashes.add(hash);
    }
    while (this.#hashes.size > MOST_HASHES) {
      this.#modulus *= 2;
      for (const hash of this.#hashes) if (hash % this.#modulus !== 0) this.#hashes.delete(hash);
    }
  }

  /**
   * How many of a row's runs of eight words stand in the training set too. Those of its own passage are left out:
   * quoting that is its task. `overlap` is the row's share, `overlap_rows` 1 where it has a share.
   */
  columns(row: Trajectory | Rejection): Record<string, number> {
    const own = new Set(hashesOf(`${row.source.title ?? ''}\n${row.source.text}`));
    let [looked, seen] = [0, 0];
    for (const text of textsOf(row)) {
      for (const hash of hashesOf(text)) {
        if (hash % this.#modulus !== 0 || own.has(hash)) continue;
        looked += 1;
        if (this.#hashes.has(hash)) seen += 1;
      }
    }
    if (looked === 0) return {};
    const overlap = seen / looked;
    return {
      overlap,
      overlap_rows: 1,
      overlap_half: overlap >= 0.5 ? 1 : 0,
      passage_trained: this.hasDocument(row.source) ? 1 : 0,
    };
  }
}

function hashesOf(text: string): Float64Array {
  return ngramHashes(wordsOf(text), COPIED_WORDS);
}

/**
 * Reads the training rows of a folder that `distill` made (its trl/train.jsonl).
 * @throws UsageError where it has none, or a line of another shape
 */
export async function readTrainingNgrams(folder: string): Promise<TrainingNgrams> {
  const path = join(folder, 'trl', 'train.jsonl');
  if (!existsSync(path))
    throw new UsageError(
      `--training ${folder}: there is no trl/train.jsonl in it; give a folder that \`gem-traj distill\` wrote, with trl among its --trainer`,
    );
  const ngrams = new TrainingNgrams();
  for await (const read of readJsonl(path)) {
    const line = parseLine(TrainingLine, read, path);
    ngrams.add(line.source_id, 'messages' in line ? textsOf(line) : completionTexts(line));
  }
  if (ngrams.rows > 0) return ngrams;
  throw new UsageError(`--training ${folder}: trl/train.jsonl has no row`);
}

/** An answer that cannot be read as a trajectory is compared as it stands. */
function completionTexts({ completion }: { completion: { content: string }[] }): string[] {
  const text = completion.map(({ content }) => content).join('\n');
  const answer = readSynthesizerAnswer(text);
  return answer.ok ? textsOf(answer.conversation) : [text];
}
