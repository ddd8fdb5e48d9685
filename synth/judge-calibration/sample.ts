import { Conversation } from '../../core/conversation.ts';
import { sha256 } from '../../core/hash.ts';
import { isAmongFirst, keepFirst } from '../../core/keep-first.ts';
import { cleanRowOf, corrupt } from '../check/calibrate/corrupt.ts';
import type { CleanRow, CorruptedRow, Mutation } from '../check/calibrate/mutation.ts';
import { MUTATIONS } from '../check/calibrate/mutations.ts';
import type { CheckContext } from '../check/row.ts';

/** A corruption that a judge can be shown: still a conversation by our types. */
export interface Mutant {
  mutation: Mutation;
  corrupted: CorruptedRow;
  conversation: Conversation;
}

/** A clean row and the corruptions of it that are judged; none where it only measures false alarms. */
export interface SampledRow {
  id: string;
  context: CheckContext;
  clean: CleanRow;
  mutants: Mutant[];
}

interface RankedMutant extends Mutant {
  rank: string;
  row: RankedRow;
}

interface RankedRow {
  rank: string;
  id: string;
  context: CheckContext;
  clean: CleanRow;
}

/** So many clean rows for each mutant of a kind: false alarms are few, and their share needs more rows. */
const CLEAN_A_MUTANT = 5;

/**
 * Chooses clean rows and corruptions of them for a judge: the first of each kind by the hash of the rows' ids, so that
 * kinds share their rows and no row is judged for one kind alone where another would do. Holds only what it chose.
 */
export class JudgeSample {
  readonly #kinds = new Map<Mutation, RankedMutant[]>(MUTATIONS.map((kind) => [kind, []]));
  readonly #clean: RankedRow[] = [];
  readonly #limit: number;
  readonly #seed: number;
  /** Clean rows that were offered. */
  rows = 0;

  /** @param limit corruptions of a kind at most */
  constructor(limit: number, seed: number) {
    this.#limit = limit;
    this.#seed = seed;
  }

  /** Takes a clean row into account. */
  add(id: string, context: CheckContext): void {
    this.rows += 1;
    const clean = cleanRowOf(context);
    if (clean === null) return;
    const row = { rank: sha256(`${this.#seed}/${id}`), id, context, clean };
    keepFirst(this.#clean, row, this.#limit * CLEAN_A_MUTANT);
    for (const [mutation, kept] of this.#kinds) this.#addMutant(row, mutation, kept);
  }

  /** The rows that were chosen, each once. */
  chosen(): SampledRow[] {
    const rows = new Map<RankedRow, Mutant[]>(this.#clean.map((row) => [row, []]));
    for (const { row, rank: _rank, ...mutant } of [...this.#kinds.values()].flat())
      rows.set(row, [...(rows.get(row) ?? []), mutant]);
    return [...rows].map(([{ rank: _rank, ...row }, mutants]) => ({ ...row, mutants }));
  }

  #addMutant(row: RankedRow, mutation: Mutation, kept: RankedMutant[]): void {
    if (!isAmongFirst(kept, row.rank, this.#limit)) return;
    const corrupted = corrupt(row.id, row.clean, mutation, this.#seed);
    const shown = Conversation.safeParse(corrupted?.conversation);
    if (corrupted === null || !shown.success || isSame(shown.data, row.clean)) return;
    const mutant = { mutation, corrupted, conversation: shown.data, rank: row.rank, row };
    keepFirst(kept, mutant, this.#limit);
  }
}

/** A fault in the workflow's constraints is none in the conversation, and a judge sees that alone. */
function isSame(conversation: Conversation, clean: CleanRow): boolean {
  return JSON.stringify(conversation) === JSON.stringify(clean.conversation);
}
