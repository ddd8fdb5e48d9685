/**
 * The ids that calls have in formats that write none: `call_1`, `call_2`, ... over the conversation,
 * and results answer the calls of the latest turn that made any, in order.
 */
export class CallIds {
  #calls = 0;
  #unanswered: string[] = [];

  /** The canonical id of the conversation's next call. */
  next(): string {
    this.#calls += 1;
    return `call_${this.#calls}`;
  }

  /** Tells that an assistant turn made calls with these ids; what an earlier turn left open is forgotten. */
  turn(ids: readonly string[]): void {
    if (ids.length > 0) this.#unanswered = [...ids];
  }

  /** Tells that the latest turn made further calls. */
  sameTurn(ids: readonly string[]): void {
    this.#unanswered.push(...ids);
  }

  /** The id that the next result answers, or undefined when no call waits for one. */
  expected(): string | undefined {
    return this.#unanswered[0];
  }

  /** The ids that wait for a result, in order. */
  unanswered(): readonly string[] {
    return [...this.#unanswered];
  }

  /** Tells that a result answered this id. */
  answer(id: string): void {
    const at = this.#unanswered.indexOf(id);
    if (at >= 0) this.#unanswered.splice(at, 1);
  }
}
