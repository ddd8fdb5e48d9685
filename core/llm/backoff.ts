import { setTimeout as sleep } from 'node:timers/promises';
import type { Failure } from './failure.ts';

const FIRST_MS = 500;
const LONGEST_MS = 60_000;

/**
 * Waits before a request is sent again: as long as the server asked for, else twice as long with each try, with
 * jitter so that requests that failed together do not come back together.
 * @param tries how often the request failed so far, from 1
 */
export async function backOff(failure: Failure, tries: number, signal: AbortSignal): Promise<void> {
  await sleep(delayMs(failure, tries, Math.random()), undefined, { signal }).catch(
    (error: unknown) => {
      signal.throwIfAborted();
      throw error;
    },
  );
}

/** @param chance between 0 and 1 */
export function delayMs(failure: Failure, tries: number, chance: number): number {
  if (failure.retryAfter !== null) return failure.retryAfter * 1000 + chance * 100;
  const base = Math.min(LONGEST_MS, FIRST_MS * 2 ** (tries - 1));
  return base * (0.5 + chance / 2);
}
