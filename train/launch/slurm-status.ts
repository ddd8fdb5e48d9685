import { join } from 'node:path';
import { lastError, readEnd } from '../../core/launch/last-error.ts';
import { jobLog } from '../../core/launch/slurm-job.ts';
import type { JobState } from '../../core/launch/slurm-parse.ts';
import { jobStates, UnknownJob } from '../../core/launch/slurm-states.ts';
import type { TrainManifest } from '../manifest.ts';
import { closeTraining, type Outcome } from './close.ts';
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
    const closed = await closeTraining(out, manifest, tracker, forgotten(jobs, tracker));
    return { manifest: closed, job: null };
  }
  const [job = null] = jobs;
  if (job === null || !job.isOver) return { manifest, job };
  const log = join(out, jobLog(place.name, place.job));
  const closed = await closeTraining(out, manifest, tracker, await outcomeOf(job, tracker, log));
  return { manifest: closed, job };
}

function orUnknown(error: unknown): UnknownJob {
  if (error instanceof UnknownJob) return error;
  throw error;
}

/** A job that never began, or whose node went down with it, leaves no mark, and Slurm forgets it after a while. */
function forgotten({ message }: UnknownJob, tracker: Tracker): Outcome {
  if (tracker.isFinished()) return { state: 'finished', error: null };
  const guess = 'it was cancelled before it began, or its node went down';
  return { state: 'failed', error: `${message}: ${guess}; --resume goes on with what it saved` };
}

async function outcomeOf(job: JobState, tracker: Tracker, log: string) {
  if (tracker.isFinished()) return { state: 'finished' as const, error: null };
  if (job.state === 'CANCELLED' || job.exitCode === CUT_SHORT)
    return { state: 'stopped' as const, error: null };
  const said = lastError(await readEnd(log));
  const reason = job.reason === '' ? '' : `, ${job.reason}`;
  return {
    state: 'failed' as const,
    error: `job ${job.id} is over (${job.state}${reason}, exit ${job.exitCode})${said === '' ? '' : `; its last error:\n${said}`}\nits log: ${log}`,
  };
}

const CUT_SHORT = 75;
