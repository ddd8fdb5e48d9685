import { setTimeout as sleep } from 'node:timers/promises';

/** Waits. @throws the signal's reason when it is aborted meanwhile */
export async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  await sleep(seconds * 1000, undefined, { signal }).catch(() => signal.throwIfAborted());
}
