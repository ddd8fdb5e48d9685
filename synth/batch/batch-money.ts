import { join } from 'node:path';
import { scanHeads } from '../../core/llm/journal-heads.ts';
import type { JournalLine } from '../../core/llm/journal-line.ts';
import type { OpenRun } from '../../core/run/run-folder.ts';
import type { BatchRecord } from './batch-folder.ts';

/**
 * Sets aside the most that a batch can cost before it begins. The journal's marks say so, one of a batch, so that what
 * was under way at a kill counts as spent until its answers are there.
 */
export class BatchMoney {
  readonly #run: OpenRun;
  /** What earlier sessions set aside: the budget has it as spent. */
  readonly #carried = new Map<string, number>();
  readonly #reserved = new Map<string, number>();

  private constructor(run: OpenRun) {
    this.#run = run;
  }

  /** Reads what earlier sessions set aside. */
  static async open(run: OpenRun): Promise<BatchMoney> {
    const money = new BatchMoney(run);
    const journal = join(run.folder, 'journal.jsonl');
    for await (const { line } of scanHeads(journal)) money.#note(line);
    return money;
  }

  #note(line: JournalLine): void {
    if ('sent' in line && line.sent.startsWith(MARK))
      this.#carried.set(line.sent, line.reserved_usd);
    else if ('lost' in line) this.#carried.delete(line.lost);
  }

  /**
   * Sets aside what a batch can cost; waits while other batches hold what it needs.
   * @returns false when the budget has not so much left
   */
  async reserve(record: BatchRecord, signal: AbortSignal): Promise<boolean> {
    const usd = record.highest_usd;
    if (usd === 0) return true;
    if (!(await this.#run.budget.reserve(usd, signal))) return false;
    this.#reserved.set(markOf(record), usd);
    await this.#run.journal.sent(markOf(record), usd);
    return true;
  }

  /** Puts what a batch cost in the place of what was set aside for it. */
  async settle(record: BatchRecord, costUsd: number): Promise<void> {
    const { budget, journal } = this.#run;
    const mark = markOf(record);
    const carried = this.#carried.get(mark) ?? 0;
    const reserved = this.#reserved.get(mark) ?? 0;
    budget.settle(reserved, costUsd - carried);
    if (carried + reserved === 0) return;
    this.#carried.delete(mark);
    this.#reserved.delete(mark);
    // The answers' own lines say what they cost.
    await journal.lost(mark, 0);
  }

  /** Takes back what was set aside for batches that never began. @param kept those that may have */
  async forgetAllBut(kept: readonly BatchRecord[]): Promise<void> {
    const marks = new Set(kept.map(markOf));
    for (const [mark, usd] of [...this.#carried]) {
      if (marks.has(mark)) continue;
      this.#carried.delete(mark);
      this.#run.budget.settle(0, -usd);
      await this.#run.journal.lost(mark, 0);
    }
  }
}

const MARK = 'batch ';

const markOf = ({ token }: BatchRecord): string => `${MARK}${token}`;
