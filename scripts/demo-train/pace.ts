import type { StepName } from './size.ts';

/** A step that is shorter says little about how quick the machine is. */
const LEAST_SECONDS = 30;

/** How long the steps that are left will take: as on two idle cores, times how much slower this machine has been. */
export class Pace {
  readonly #left: Map<string, number>;
  #expected = 0;
  #taken = 0;

  constructor(seconds: Readonly<Record<StepName, number>>) {
    this.#left = new Map(Object.entries(seconds));
  }

  /** Seconds that a step will take, and all that are left with it. */
  left(name: StepName): { own: number; all: number } {
    const factor = this.#expected === 0 ? 1 : this.#taken / this.#expected;
    const all = [...this.#left.values()].reduce((sum, one) => sum + one, 0);
    return { own: (this.#left.get(name) ?? 0) * factor, all: all * factor };
  }

  skip(name: StepName): void {
    this.#left.delete(name);
  }

  finish(name: StepName, took: number): void {
    const expected = this.#left.get(name) ?? 0;
    this.#left.delete(name);
    // An environment is installed once: how long that takes says nothing of the cores.
    if (expected < LEAST_SECONDS || name === 'environments') return;
    this.#expected += expected;
    this.#taken += took;
  }
}

/** "40 s", "17 min". */
export function describeSeconds(seconds: number): string {
  return seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`;
}
