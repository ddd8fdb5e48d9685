import { estimatedJaccard } from '../../core/text/minhash.ts';
import { type Near, SimilarityIndex } from '../../core/text/similarity-index.ts';
import type { DistillRules } from '../rules.ts';
import type { Drop, DropCode } from './decision.ts';
import { type RowMeasure, signatureOf } from './measure.ts';
import type { SignedPart } from './signatures.ts';

/** A row that goes, and the index of the row that stays in its place. */
export interface Duplicate {
  drop: Drop;
  of: number;
}

interface Match {
  code: DropCode;
  kept: number;
  similarity: number;
}

/**
 * The duplicates among rows, by index, each with the kept row that it is a duplicate of. Rows are looked at from
 * the best to the worst, and each is held against those that stay, so a duplicate never stands for another and
 * the order of the rows does not matter. Rows of one passage are no duplicates for their passage's sake.
 */
export function findDuplicates(
  rows: readonly RowMeasure[],
  candidates: readonly number[],
  rules: DistillRules,
): Map<number, Duplicate> {
  const stay = new StayingRows(rows, candidates.length, rules);
  const duplicates = new Map<number, Duplicate>();
  for (const index of [...candidates].sort((a, b) => compareQuality(rows, a, b))) {
    const match = stay.match(index);
    if (match === null) stay.add(index);
    else duplicates.set(index, duplicateOf(match, rows));
  }
  return duplicates;
}

/** Fewer warnings first, then judged rows, then more patterns, then the smaller id. */
function compareQuality(rows: readonly RowMeasure[], left: number, right: number): number {
  const [a, b] = [at(rows, left), at(rows, right)];
  return (
    a.warnings - b.warnings ||
    Number(b.judge === 'passed') - Number(a.judge === 'passed') ||
    b.patterns.length - a.patterns.length ||
    compare(a.id, b.id) ||
    compare(a.contentHash, b.contentHash) ||
    left - right
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function at(rows: readonly RowMeasure[], index: number): RowMeasure {
  const row = rows[index];
  if (row === undefined) throw new RangeError(`no row ${index}`);
  return row;
}

const TEXTS: Partial<Record<DropCode, string>> = {
  duplicate_id: 'the same id',
  duplicate_row: 'the same messages and tools',
  duplicate_passage: 'another passage has the same runs of words',
  near_duplicate_passage: 'another passage is nearly the same',
  near_duplicate_row: 'nearly the same conversation and tools',
};

function duplicateOf({ code, kept, similarity }: Match, rows: readonly RowMeasure[]): Duplicate {
  const text = TEXTS[code] ?? code;
  return { drop: { code, text, against: at(rows, kept).id, value: similarity }, of: kept };
}

/** The rows that stay, so far, and their indexes; items are numbered in the order in which rows were added. */
class StayingRows {
  readonly #rows: readonly RowMeasure[];
  readonly #rules: DistillRules['duplicates'];
  readonly #ids = new Map<string, number>();
  readonly #contents = new Map<string, number>();
  readonly #passages = new Set<string>();
  readonly #byPassage: SimilarityIndex | null;
  readonly #byConversation: SimilarityIndex | null;
  readonly #items: number[] = [];

  constructor(rows: readonly RowMeasure[], capacity: number, { duplicates }: DistillRules) {
    const { permutations, passage_jaccard, conversation_jaccard } = duplicates;
    const index = (part: SignedPart, threshold: number | null) => {
      const ofItem = (item: number) => signatureOf(at(rows, this.#items[item] ?? -1), part);
      return threshold === null
        ? null
        : new SimilarityIndex({ permutations, threshold, capacity, signatureOf: ofItem });
    };
    this.#rows = rows;
    this.#rules = duplicates;
    this.#byPassage = index('passage', passage_jaccard);
    this.#byConversation = index('conversation', conversation_jaccard);
  }

  add(index: number): void {
    const { id, contentHash, passage } = at(this.#rows, index);
    const item = this.#items.push(index) - 1;
    this.#ids.set(id, index);
    this.#contents.set(contentHash, index);
    this.#byConversation?.add(item);
    if (this.#passages.has(passage)) return;
    this.#passages.add(passage);
    this.#byPassage?.add(item);
  }

  match(index: number): Match | null {
    const row = at(this.#rows, index);
    const sameId = this.#ids.get(row.id);
    if (sameId !== undefined) return { code: 'duplicate_id', kept: sameId, similarity: 1 };
    const sameRow = this.#contents.get(row.contentHash);
    if (sameRow !== undefined) return { code: 'duplicate_row', kept: sameRow, similarity: 1 };
    return this.#passageMatch(row) ?? this.#rowMatch(row);
  }

  #passageMatch(row: RowMeasure): Match | null {
    if (this.#passages.has(row.passage)) return null;
    const [near] = this.#byPassage?.near(signatureOf(row, 'passage')) ?? [];
    if (near === undefined) return null;
    const code = near.similarity === 1 ? 'duplicate_passage' : 'near_duplicate_passage';
    return { code, ...this.#matchOf(near) };
  }

  /** The conversations are near as the index says; the tool sets must be near too. */
  #rowMatch(row: RowMeasure): Match | null {
    for (const near of this.#byConversation?.near(signatureOf(row, 'conversation')) ?? []) {
      const match = this.#matchOf(near);
      const kept = at(this.#rows, match.kept);
      const tools = estimatedJaccard(signatureOf(row, 'tools'), signatureOf(kept, 'tools'));
      if (tools >= this.#rules.tools_jaccard) return { code: 'near_duplicate_row', ...match };
    }
    return null;
  }

  #matchOf({ item, similarity }: Near): { kept: number; similarity: number } {
    return { kept: this.#items[item] ?? 0, similarity };
  }
}
