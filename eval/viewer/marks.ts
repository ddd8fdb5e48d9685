import { appendMark, type Mark, readMarks } from '../../core/run/marks.ts';
import type { RowIndex } from './index/row-index.ts';
import type { Marked } from './index/select.ts';

/** A source's marks, by the rows that they are on. */
export class SourceMarks {
  readonly path: string;
  readonly #byId: Map<string, Mark>;
  readonly #byRow = new Map<number, Mark>();
  #index: RowIndex | null = null;
  #rows = 0;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(path: string, marks: Map<string, Mark>) {
    this.path = path;
    this.#byId = marks;
  }

  /** @throws UsageError where the file holds something else than marks */
  static async open(path: string): Promise<SourceMarks> {
    return new SourceMarks(path, await readMarks(path));
  }

  /** Finds the marks of rows that came to the index since the last call. */
  follow(index: RowIndex): void {
    if (index !== this.#index) {
      this.#index = index;
      this.#byRow.clear();
      this.#rows = 0;
    }
    if (this.#rows === index.rows) return;
    for (const [row, id] of index.rowsOfIds(new Set(this.#byId.keys()), this.#rows)) {
      const mark = this.#byId.get(id);
      if (mark !== undefined) this.#byRow.set(row, mark);
    }
    this.#rows = index.rows;
  }

  of(row: number): Mark | undefined {
    return this.#byRow.get(row);
  }

  markedOf(row: number): Marked {
    const mark = this.#byRow.get(row);
    return mark === undefined ? 'none' : (mark.verdict ?? 'comment');
  }

  /** Keeps what a person says of a row, in the file first. @throws UsageError where it cannot be written */
  set(row: number, mark: Mark): Promise<void> {
    // One after another: two at once would write at the same place.
    const kept = this.#last.then(() => this.#keep(row, mark));
    this.#last = kept.catch(() => {});
    return kept;
  }

  async #keep(row: number, mark: Mark): Promise<void> {
    await appendMark(this.path, mark);
    const isTakenBack = mark.verdict === null && mark.comment === '';
    if (isTakenBack) this.#byId.delete(mark.id);
    else this.#byId.set(mark.id, mark);
    if (isTakenBack) this.#byRow.delete(row);
    else this.#byRow.set(row, mark);
  }
}
