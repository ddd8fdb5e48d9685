import { hostname } from 'node:os';
import { UsageError } from '../core/errors.ts';
import type { JobState } from '../core/launch/slurm-parse.ts';
import { stopJob } from '../core/launch/slurm-stop.ts';
import { afterwards, closeTraining, hasResult } from './launch/close.ts';
import { openTracker } from './launch/open-tracker.ts';
import { progressText } from './launch/progress-text.ts';
import { slurmStatus } from './launch/slurm-status.ts';
import type { Seen, Tracker } from './launch/tracker.ts';
import { requireTraining, type TrainManifest } from './manifest.ts';
import { runningProcess } from './resume.ts';

/** How a training stands. */
export interface Standing {
  state: TrainManifest['state'];
  manifest: TrainManifest;
  seen: Seen;
  /** Of a job that is not written down as over. */
  job: JobState | null;
}

/**
 * Finds out how a training stands, and writes down the end of one that nobody was there to see.
 * @throws UsageError where there is no training, or Slurm does not answer
 */
export async function trainStatus(out: string): Promise<Standing> {
  const manifest = await requireTraining(out);
  const tracker = await openTracker(out, manifest);
  const { place } = manifest;
  const { manifest: now, job } =
    place.on === 'slurm'
      ? await slurmStatus(out, manifest, place, tracker)
      : { manifest: await localStatus(out, manifest, tracker), job: null };
  if (now.state === 'running') await tracker.write();
  return { state: now.state, manifest: now, seen: tracker.seen(), job };
}

/** A job that has not saved by then is ended without. */
const SAVING_MS = 900_000;

/** For people. */
export function standingLines(out: string, { state, manifest, seen, job }: Standing): string[] {
  const { name, trainer, dataset, error } = manifest;
  const head = `${name}, ${trainer}, ${dataset.name}: ${state}`;
  if (state === 'failed') return [head, error ?? ''];
  if (state !== 'running') return [head, afterwards(out, manifest)];
  return [head, ...(job === null ? [] : [jobText(job)]), progressText(seen)];
}

/**
 * Ends a training after it has saved. On this machine its own command is interrupted, as by Ctrl-C, and not waited for.
 * @throws UsageError when it does not run
 */
export async function cancelTraining(out: string): Promise<string> {
  const manifest = await requireTraining(out);
  const { place, state, machine } = manifest;
  if (state !== 'running') throw new UsageError(`${out} does not run: it is ${state}`);
  if (place.on === 'slurm') {
    await stopJob(place.job, { name: place.name, folder: out }, SAVING_MS);
    return standingLines(out, await trainStatus(out)).join('\n');
  }
  const pid = runningProcess(manifest);
  if (pid === null)
    throw new UsageError(
      `${out} does not run on this machine (process ${place.pid} on ${machine.host})`,
    );
  process.kill(pid, 'SIGINT');
  return `process ${pid} is asked to save and stop`;
}

/** A process that is gone without a word was killed. */
async function localStatus(
  out: string,
  manifest: TrainManifest,
  tracker: Tracker,
): Promise<TrainManifest> {
  const { place, state, machine } = manifest;
  const isHere = place.on === 'local' && machine.host === hostname();
  if (state !== 'running' || !isHere || runningProcess(manifest) !== null) return manifest;
  const error = `the training's process (${place.pid}) is gone without a word: --resume goes on from its newest checkpoint`;
  if (await hasResult(out, manifest, tracker))
    return closeTraining(out, manifest, tracker, { state: 'finished', error: null });
  return closeTraining(out, manifest, tracker, { state: 'failed', error });
}

function jobText({ id, state, reason, nodes, restarts, runTime, timeLimit }: JobState): string {
  const parts = [
    `job ${id}: ${state}`,
    reason === '' ? null : `(${reason})`,
    nodes === '' ? null : `on ${nodes}`,
    runTime === '' ? null : `for ${runTime} of ${timeLimit}`,
    restarts > 0 ? `started again ${restarts} times` : null,
  ];
  return parts.filter((part) => part !== null).join(' ');
}
