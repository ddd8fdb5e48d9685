/**
 * A hard limit on money: a request is sent only when the most it can cost still fits beside what was spent and what is
 * under way (design: Engine properties 4). What was sent and not settled counts as spent.
 */
export class Budget {
  readonly limitUsd: number | null;
  #spentUsd: number;
  #reservedUsd = 0;
  #waiting: (() => void)[] = [];

  /** @param spentUsd what the run spent before, unsettled requests of a kill included */
  constructor(limitUsd: number | null, spentUsd: number) {
    this.limitUsd = limitUsd;
    this.#spentUsd = spentUsd;
  }

  get spentUsd(): number {
    return this.#spentUsd;
  }

  /**
   * Reserves the most that a request can cost. Where that does not fit beside the requests under way, it waits for
   * them: most of them cost far less than was reserved.
   * @returns false when it does not fit although nothing is under way: the budget is spent
   * @throws the signal's reason when it is aborted while waiting
   */
  async reserve(usd: number, signal?: AbortSignal): Promise<boolean> {
    while (this.limitUsd !== null && this.#spentUsd + this.#reservedUsd + usd > this.limitUsd) {
      if (this.#reservedUsd <= ROUNDING_USD) return false;
      await this.#settled(signal);
    }
    this.#reservedUsd += usd;
    return true;
  }

  /** Replaces a reservation by what the request really cost. */
  settle(reservedUsd: number, spentUsd: number): void {
    this.#reservedUsd -= reservedUsd;
    this.#spentUsd += spentUsd;
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #settled(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = () => reject(signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      });
    });
  }
}

/** Sums of many small amounts do not come back to zero exactly. */
const ROUNDING_USD = 1e-9;
