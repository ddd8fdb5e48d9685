import { basename, resolve } from 'node:path';
import type { BashWord } from '../../../core/launch/bash-words.ts';
import type { Cluster } from '../../../core/launch/cluster.ts';
import type { SlurmJob } from '../../../core/launch/slurm-job.ts';
import { slurmFolder } from './record.ts';

/** What the jobs of a sharded run are made of. */
export interface ArrayPlan {
  /** The run's folder. */
  run: string;
  shards: number;
  /** Those that are to run, ascending. */
  tasks: readonly number[];
  atOnce: number | undefined;
  cluster: Cluster;
  /** GPUs of each shard. */
  gpus: number;
  /** How this program is started. */
  program: readonly string[];
  /** The words of `synth` without those that say where it runs. */
  words: readonly string[];
  passEnv: readonly string[];
  cwd: string;
}

/** A task of the array for each shard: asked to stop it goes back into the queue, and on from its journal. */
export function shardsJob(plan: ArrayPlan): SlurmJob & { name: string } {
  const { run, shards, tasks, atOnce, cluster, gpus, program, words, passEnv, cwd } = plan;
  const shard: BashWord = { bash: `"$SLURM_ARRAY_TASK_ID/${shards}"` };
  return {
    name: jobName(run, 'shards'),
    cluster: gpus > 0 ? cluster : small(cluster),
    folder: resolve(slurmFolder(run)),
    cwd,
    command: [...program, ...words, '--shard', shard],
    passEnv: [...passEnv],
    gpusPerNode: gpus,
    array: { tasks: tasks.length, ids: tasks, ...(atOnce === undefined ? {} : { atOnce }) },
    requeueAtTimeLimit: true,
    insists: true,
  };
}

/** Merges once every task is over; a shard that is not done is then named in its log and in `status`. */
export function mergeJob(plan: Omit<ArrayPlan, 'tasks'>, array: string): SlurmJob {
  const { run, cluster, program, cwd } = plan;
  return {
    name: jobName(run, 'merge'),
    cluster: small(cluster),
    folder: resolve(slurmFolder(run)),
    cwd,
    command: [...program, 'merge', resolve(run)],
    gpusPerNode: 0,
    requeueAtTimeLimit: true,
    dependency: { type: 'afterany', jobs: [array] },
  };
}

/** `NAME-shards` and `NAME-merge`, in letters that Slurm's file names take. */
export function jobName(run: string, what: 'shards' | 'merge'): string {
  return `${basename(resolve(run))}-${what}`.replaceAll(/[^\w.-]/g, '-');
}

/** A process that waits for servers elsewhere, or copies rows, needs no node of its own. */
function small(cluster: Cluster): Cluster {
  const { memory, cpus_per_node: cpus = SMALL_CPUS } = cluster;
  return {
    ...cluster,
    cpus_per_node: Math.min(cpus, SMALL_CPUS),
    ...(memory === undefined ? {} : { memory: SMALL_MEMORY }),
  };
}

const SMALL_CPUS = 2;
const SMALL_MEMORY = '4G';
