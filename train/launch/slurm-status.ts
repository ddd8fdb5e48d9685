import { join } from 'node:path';
import { lastError, readEnd } from '../../core/launch/last-error.ts';
import { jobLog } from '../../core/launch/slurm-job.ts';
import type { JobState } from '../../core/launch/slurm-parse.ts';
import { jobStates, UnknownJob } from '../../core/launch/slurm-states.ts';
import type { TrainManifest } from '../manifest.ts';
import { closeTraining, hasResult } from './close.ts';
import { CUT_SHORT, type Outcome } from './outcome.ts';
import type { Tracker } from './tracker.ts';

/** How a training's job stands; a job that is over is written down so. */
export async function slurmStatus(
  out: string,
  manifest: TrainManifest,
  place: Extract<TrainManifest['place'], { on: 'slurm' }>,
  tracker: Tracker,
): Promise<{ manifest: TrainManifest; job: JobState | null }> {
  if (manifest.state !== 'running') return { manifest, job: null };
  const jobs = await jobStates(place.job, { name: place.name, folder: out }).catch(orUnknown);
  if (jobs instanceof UnknownJob) {
    const hasWeights = await hasResult(out, manifest, tracker);
    const closed = await closeTraining(out, manifest, tracker, forgotten(jobs, hasWeights));
    return { manifest: closed, job: null };
  }
  const [job = null] = jobs;
  if (job === null || !job.isOver) return { manifest, job };
  const log = join(out, jobLog(place.name, place.job));
  const outcome = await outcomeOf(job, {
    isFinished: tracker.isFinished(),
    hasWeights: await hasResult(out, manifest, tracker),
    log,
  });
  const closed = await closeTraining(out, manifest, tracker, outcome);
  return { manifest: closed, job };
}

function orUnknown(error: unknown): UnknownJob {
  if (error instanceof UnknownJob) return error;
  throw error;
}

/** A job that never began, or whose node went down with it, leaves no mark, and Slurm forgets it after a while. */
function forgotten({ message }: UnknownJob, hasWeights: boolean): Outcome {
  if (hasWeights) return { state: 'finished', error: null };
  const guess = 'it was cancelled before it began, or its node went down';
  return { state: 'failed', error: `${message}: ${guess}; --resume goes on with what it saved` };
}

/** All steps may be done, and the job have ended while it saved the weights. */
async function outcomeOf(
  job: JobState,
  { isFinished, hasWeights, log }: { isFinished: boolean; hasWeights: boolean; log: string },
): Promise<Outcome> {
  const { id, state, reason, exitCode } = job;
  const hasEndedWell = state === 'COMPLETED' || exitCode === CUT_SHORT;
  if (hasWeights || (isFinished && hasEndedWell)) return { state: 'finished', error: null };
  if (state === 'CANCELLED' || exitCode === CUT_SHORT) return { state: 'stopped', error: null };
  const said = lastError(await readEnd(log));
  const why = reason === '' ? '' : `, ${reason}`;
  return {
    state: 'failed',
    error: `job ${id} is over (${state}${why}, exit ${exitCode})${said === '' ? '' : `; its last error:\n${said}`}\nits log: ${log}`,
  };
}
