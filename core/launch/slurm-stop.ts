import { cancelJob, slurm } from './slurm-client.ts';
import type { JobState } from './slurm-parse.ts';
import { followJob, type JobPlace, jobStates } from './slurm-states.ts';

/**
 * Stops a job as Ctrl-C stops a local process: its command is interrupted and may save, then what is left is
 * cancelled. (scancel alone sends SIGTERM to every process at once.) Returns its last states.
 * @throws UsageError when Slurm does not answer or refuses
 */
export async function stopJob(id: string, place: JobPlace, graceMs = 60_000): Promise<JobState[]> {
  let states = await jobStates(id, place);
  // Only a running script can pass it on; for one that waits scancel would try for a minute and a half.
  if (states.some(({ state }) => state === 'RUNNING')) {
    await slurm('scancel', ['--signal=TERM', '--batch', id]);
    states = await statesWithin(graceMs, id, place);
  }
  if (states.every(({ isOver }) => isOver)) return states;
  await cancelJob(id);
  return statesWithin(CANCELLED_WITHIN_MS, id, place);
}

/** Slurm waits for KillWait (30 s unless set) between SIGTERM and SIGKILL. */
const CANCELLED_WITHIN_MS = 120_000;

/** The states once all is over, or the time is. */
async function statesWithin(
  milliseconds: number,
  id: string,
  place: JobPlace,
): Promise<JobState[]> {
  let last: JobState[] = [];
  const until = AbortSignal.timeout(milliseconds);
  for await (const states of followJob(id, place, { until, everyMs: 500 })) last = states;
  return last;
}
