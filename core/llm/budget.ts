/**
 * A hard limit on money: a request is sent only when its worst price still fits (design: Engine properties 4).
 * What was sent and not settled counts as spent.
 */
export class Budget {
  readonly limitUsd: number | null;
  #spentUsd: number;
  #reservedUsd = 0;

  /** @param spentUsd what the run spent before, unsettled requests of a kill included */
  constructor(limitUsd: number | null, spentUsd: number) {
    this.limitUsd = limitUsd;
    this.#spentUsd = spentUsd;
  }

  get spentUsd(): number {
    return this.#spentUsd;
  }

  /** Reserves the most that a request can cost; false when that would pass the limit. */
  reserve(usd: number): boolean {
    if (this.limitUsd !== null && this.#spentUsd + this.#reservedUsd + usd > this.limitUsd)
      return false;
    this.#reservedUsd += usd;
    return true;
  }

  /** Replaces a reservation by what the request really cost. */
  settle(reservedUsd: number, spentUsd: number): void {
    this.#reservedUsd -= reservedUsd;
    this.#spentUsd += spentUsd;
  }
}
