import { type Share, wilson } from '../../core/stats/wilson.ts';
import type { Mutation } from '../check/calibrate/mutation.ts';
import { MUTATIONS } from '../check/calibrate/mutations.ts';
import type { JudgeAnswer } from '../stages/judge.ts';

/** What a judge said of one conversation: it passed, failed, or gave no verdict that can be read. */
export type Outcome = { kind: 'passed' } | { kind: 'failed'; answer: JudgeAnswer } | Unscored;
interface Unscored {
  kind: 'unscored';
  reason: string;
}

/** A judge's work on the corruptions of one kind. */
export interface JudgedKind {
  mutation: Mutation;
  /** Corruptions with a verdict, made of rows that the judge lets pass. */
  n: number;
  caught: number;
  unscored: number;
  /** Of the n, those that the checks catch. */
  byChecks: number;
  /** Rows where it was not caught. */
  missed: string[];
}

const MAX_KEPT = 5;

/** Counts what a judge says of clean rows and of their corruptions. */
export class JudgeTally {
  readonly kinds: readonly JudgedKind[] = MUTATIONS.map((mutation) => ({
    mutation,
    n: 0,
    caught: 0,
    unscored: 0,
    byChecks: 0,
    missed: [],
  }));
  /** Clean rows that failed: how many by rubric. */
  readonly alarms = new Map<string, { rows: number; example: string }>();
  /** Why verdicts could not be read: the first few. */
  readonly unread: string[] = [];
  unscoredClean = 0;
  #passed = 0;
  #failed = 0;

  /** The share of the clean rows with a verdict that the judge turned down. */
  get falseAlarms(): Share {
    return wilson(this.#failed, this.#failed + this.#passed);
  }

  addClean(id: string, outcome: Outcome): void {
    if (outcome.kind === 'passed') this.#passed += 1;
    else if (outcome.kind === 'unscored') {
      this.unscoredClean += 1;
      this.#noteUnread(id, outcome);
    } else {
      this.#failed += 1;
      this.#noteAlarm(id, outcome.answer);
    }
  }

  /** @param byChecks whether the checks catch it */
  addMutant(id: string, mutation: Mutation, outcome: Outcome, byChecks: boolean): void {
    const kind = this.kinds.find((one) => one.mutation === mutation);
    if (kind === undefined) throw new Error(`${mutation.name} is no kind of corruption`);
    if (outcome.kind === 'unscored') {
      kind.unscored += 1;
      this.#noteUnread(`${id}, ${mutation.name}`, outcome);
      return;
    }
    kind.n += 1;
    if (byChecks) kind.byChecks += 1;
    if (outcome.kind === 'failed') kind.caught += 1;
    else keepFew(kind.missed, id);
  }

  #noteAlarm(id: string, { rubrics, message_index, reason }: JudgeAnswer): void {
    for (const [rubric, score] of Object.entries(rubrics)) {
      if (score === 1) continue;
      const example = `${id} message ${message_index ?? '-'}: ${reason}`;
      const alarm = this.alarms.get(rubric) ?? { rows: 0, example };
      const first = example < alarm.example ? example : alarm.example;
      this.alarms.set(rubric, { rows: alarm.rows + 1, example: first });
    }
  }

  #noteUnread(what: string, { reason }: Unscored): void {
    keepFew(this.unread, `${what}: ${reason}`);
  }
}

/** Answers come in any order: the first few by the alphabet are the same each time. */
function keepFew(kept: string[], one: string): void {
  kept.push(one);
  kept.sort();
  if (kept.length > MAX_KEPT) kept.pop();
}
