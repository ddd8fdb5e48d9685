import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from '../errors.ts';
import { readEnd } from './last-error.ts';
import { SlurmUnreachable, slurm } from './slurm-client.ts';
import { endMark } from './slurm-job.ts';
import { ACCOUNTED, type JobState, parseAccounted, parseJob } from './slurm-parse.ts';

/** Where the marks of a job's end lie, for when Slurm has forgotten it. */
export interface JobPlace {
  name: string;
  folder: string;
}

/**
 * The state of a job: one row, or one for each task of an array. Asks the controller, then the accounting where there
 * is one, then the marks that the jobs themselves leave in their folder.
 * @throws SlurmUnreachable; UnknownJob
 */
export async function jobStates(id: string, place: JobPlace): Promise<JobState[]> {
  const { ok, output, errors } = await slurm('scontrol', ['show', 'job', '--oneliner', id]);
  if (ok) return output.split('\n').filter(Boolean).flatMap(parseJob);
  if (!/Invalid job id/i.test(errors)) throw new UsageError(`job ${id}: Slurm says: ${errors}`);
  const remembered = (await accounted(id)) ?? (await marked(id, place));
  if (remembered.length > 0) return remembered;
  throw new UnknownJob(`Slurm does not know job ${id}, and it left no mark in ${place.folder}`);
}

/** Nobody knows the job any more. */
export class UnknownJob extends UsageError {}

/**
 * Follows a job until all of it is over or `until` is aborted: its rows at first and after each change. A controller
 * that does not answer is waited for.
 * @throws SlurmUnreachable when there was no answer for `patienceMs` (10 minutes)
 */
export async function* followJob(
  id: string,
  place: JobPlace,
  {
    until,
    everyMs = 2_000,
    patienceMs = 600_000,
  }: { until?: AbortSignal; everyMs?: number; patienceMs?: number } = {},
): AsyncGenerator<JobState[]> {
  let shown = '';
  let silentMs = 0;
  while (until?.aborted !== true) {
    const states = await jobStates(id, place).catch((error: unknown) => {
      silentMs += everyMs;
      if (!(error instanceof SlurmUnreachable) || silentMs > patienceMs) throw error;
      return undefined;
    });
    if (states !== undefined) {
      silentMs = 0;
      const now = JSON.stringify(states.map(({ runTime: _grows, ...rest }) => rest));
      if (now !== shown) yield states;
      shown = now;
      if (states.every(({ isOver }) => isOver)) return;
    }
    await sleep(everyMs, undefined, until === undefined ? {} : { signal: until }).catch(() => {});
  }
}

/** Undefined where there is no accounting, or it does not know the job. */
async function accounted(id: string): Promise<JobState[] | undefined> {
  const args = [
    '--noheader',
    '--parsable2',
    '--allocations',
    `--jobs=${id}`,
    `--format=${ACCOUNTED}`,
  ];
  const { ok, output } = await slurm('sacct', args).catch((error: unknown) => {
    if (error instanceof UsageError) return { ok: false, output: '' };
    throw error;
  });
  const lines = output.split('\n').filter(Boolean);
  if (!ok || lines.length === 0) return undefined;
  return lines.map(parseAccounted);
}

async function marked(id: string, { name, folder }: JobPlace): Promise<JobState[]> {
  const files = await readdir(folder).catch(() => []);
  const found = files
    .filter((file) => file.startsWith(`${name}-${id}`) && file.endsWith('.ended'))
    .map((file) => file.slice(name.length + 1, -'.ended'.length))
    .filter((job) => job === id || job.startsWith(`${id}_`));
  return Promise.all(
    found.sort().map(async (job) => {
      const exitCode = Number(await readEnd(`${folder}/${endMark(name, job)}`));
      const state = exitCode === 0 ? 'COMPLETED' : 'FAILED';
      return {
        id: job,
        state,
        reason: '',
        isOver: true,
        exitCode,
        restarts: 0,
        runTime: '',
        timeLimit: '',
        nodes: '',
      };
    }),
  );
}
