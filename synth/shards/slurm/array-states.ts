import { resolve } from 'node:path';
import { UsageError } from '../../../core/errors.ts';
import type { JobState } from '../../../core/launch/slurm-parse.ts';
import { jobStates } from '../../../core/launch/slurm-states.ts';
import { type ArrayRecord, slurmFolder } from './record.ts';

/** A run's jobs as Slurm, or what they left behind, has them. */
export interface ArrayStates {
  /** By shard; those of the latest submission that has it. */
  tasks: Map<number, JobState>;
  merge: JobState | null;
  /** Why Slurm could not be asked, or does not know a job any more. */
  notes: string[];
}

/** Asks Slurm about all submissions of a run, the latest last. What cannot be found out stands in `notes`. */
export async function arrayStates(run: string, record: ArrayRecord): Promise<ArrayStates> {
  const folder = resolve(slurmFolder(run));
  const states: ArrayStates = { tasks: new Map(), merge: null, notes: [] };
  for (const { job, tasks, merge_job } of record.submissions) {
    for (const state of await asked(job, { name: record.name, folder }, states.notes)) {
      const task = Number(state.id.split('_')[1]);
      if (tasks.includes(task)) states.tasks.set(task, state);
    }
    const place = { name: record.merge_name, folder };
    const [merge = null] = merge_job === null ? [] : await asked(merge_job, place, states.notes);
    states.merge = merge ?? states.merge;
  }
  return states;
}

/** The tasks, and the merging, that wait or run, as far as Slurm says. */
export async function openTasks(run: string, record: ArrayRecord): Promise<JobState[]> {
  const { tasks, merge } = await arrayStates(run, record);
  return [...tasks.values(), ...(merge === null ? [] : [merge])].filter(({ isOver }) => !isOver);
}

async function asked(
  job: string,
  place: { name: string; folder: string },
  notes: string[],
): Promise<JobState[]> {
  try {
    return await jobStates(job, place);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    notes.push(error.message);
    return [];
  }
}
