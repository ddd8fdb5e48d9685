import { resolve } from 'node:path';
import { z } from 'zod';
import { flagValue } from '../../../core/command.ts';
import { UsageError } from '../../../core/errors.ts';
import { Cluster, readCluster } from '../../../core/launch/cluster.ts';
import { sbatchScript } from '../../../core/launch/sbatch-script.ts';
import { submitJob } from '../../../core/launch/slurm-client.ts';
import { readManifest } from '../../../core/run/manifest.ts';
import { runFolder } from '../../../core/run/run-name.ts';
import { requireSameCount, shardFolder } from '../../../core/run/shard.ts';
import { terminal } from '../../../core/terminal.ts';
import type { SynthConfig } from '../../config.ts';
import { findSources } from '../../corpus/inputs.ts';
import type { ShardFlags } from '../options.ts';
import { openTasks } from './array-states.ts';
import { type ArrayPlan, jobName, mergeJob, shardsJob } from './jobs.ts';
import { type ArrayRecord, readArrayRecord, writeArrayRecord } from './record.ts';
import { ownProgram, sharedWords } from './words.ts';

/** What `synth --on slurm` was asked for. */
export interface SubmitWish {
  flags: ShardFlags & { run: string; input: string[]; json: boolean };
  config: SynthConfig;
  /** Variables that the shards take over from here: keys. */
  passEnv: readonly string[];
}

/**
 * Submits a run as a job array with a job behind it that merges, and returns; the same command again submits what is
 * not done. `gem-traj status RUN` shows them.
 * @throws UsageError for flags that do not fit, for a run whose jobs are not over, and when Slurm refuses
 */
export async function submitShards(wish: SubmitWish): Promise<void> {
  const { flags, config } = wish;
  const plan = await planArray(wish);
  const before = await readArrayRecord(plan.run);
  if (before !== undefined) await requireOver(plan.run, before);
  const isChanged = before !== undefined && before.words.join('\n') !== plan.words.join('\n');
  const tasks = isChanged ? plan.tasks : await unfinished(plan, config.target ?? null);
  if (tasks.length === 0)
    throw new UsageError(
      `all ${plan.shards} shards of ${plan.run} are finished: gem-traj merge ${plan.run} joins them`,
    );
  const job = shardsJob({ ...plan, tasks });
  if (flags.dryRun) {
    terminal.print(`${sbatchScript(job)}\n${sbatchScript(mergeJob(plan, 'ID_OF_THE_ARRAY'))}`);
    return;
  }
  await submit(wish, plan, job, tasks, before);
}

async function submit(
  { flags, config }: SubmitWish,
  plan: ArrayPlan,
  job: ReturnType<typeof shardsJob>,
  tasks: readonly number[],
  before: ArrayRecord | undefined,
): Promise<void> {
  const { id, script } = await submitJob(job);
  const submission = { job: id, tasks: [...tasks], merge_job: null, at: new Date().toISOString() };
  const record: ArrayRecord = {
    schema_version: 1,
    shards: plan.shards,
    target: config.target ?? null,
    name: job.name,
    merge_name: jobName(plan.run, 'merge'),
    words: [...plan.words],
    submissions: [...(before?.submissions ?? []), submission],
  };
  await writeArrayRecord(plan.run, record);
  const merge = await submitJob(mergeJob(plan, id));
  record.submissions[record.submissions.length - 1] = { ...submission, merge_job: merge.id };
  await writeArrayRecord(plan.run, record);
  if (flags.json)
    terminal.print(
      JSON.stringify({ event: 'submitted', job: id, merge_job: merge.id, shards: tasks, script }),
    );
  else
    terminal.print(
      `job ${id} runs ${tasks.length} of ${plan.shards} shards (${script}), job ${merge.id} merges them\nhow they stand: gem-traj status ${plan.run}\nend them: scancel ${id} ${merge.id}`,
    );
}

async function planArray({ flags, passEnv }: SubmitWish): Promise<ArrayPlan> {
  const shards = requireCount(flags);
  await findSources(flags.input);
  const run = runFolder(flags.run);
  requireSameCount(run, shards);
  const cluster =
    flags.cluster === undefined ? Cluster.parse({}) : await readCluster(flags.cluster);
  const gpus = flags.gpus ?? (flags.serve === undefined ? 0 : cluster.gpus_per_node);
  const atOnce = flags.atOnce;
  return {
    run,
    shards,
    tasks: Array.from({ length: shards }, (_, at) => at + 1),
    atOnce: atOnce === undefined ? undefined : flagValue('at-once', POSITIVE, atOnce),
    cluster,
    gpus: flagValue('gpus', GPUS, gpus),
    program: ownProgram(),
    words: sharedWords(),
    passEnv: [...new Set(passEnv)].sort(),
    cwd: resolve('.'),
  };
}

const POSITIVE = z.number().int().positive();
const GPUS = z.number().int().min(0);

function requireCount({ shards, shard, input }: SubmitWish['flags']): number {
  if (shard !== undefined)
    throw new UsageError('--shard is what each job gets; with --on slurm give --shards N');
  if (shards === undefined)
    throw new UsageError('--on slurm needs --shards N: into how many parts the corpus is divided');
  if (input.includes('-'))
    throw new UsageError('--input -: the jobs cannot read this standard input; save it to a file');
  return flagValue('shards', POSITIVE, shards);
}

/** @throws UsageError while jobs of an earlier submission wait or run */
async function requireOver(run: string, record: ArrayRecord): Promise<void> {
  const open = await openTasks(run, record);
  if (open.length === 0) return;
  const jobs = [...new Set(open.map(({ id }) => id.split('_')[0]))].join(' ');
  throw new UsageError(
    `${run} has jobs that are not over (${jobs}): gem-traj status ${run} shows them, scancel ${jobs} ends them`,
  );
}

/** The shards that are not done, as far as their manifests say. */
async function unfinished(
  { run, shards, tasks }: ArrayPlan,
  target: number | null,
): Promise<number[]> {
  const open: number[] = [];
  for (const index of tasks) {
    const manifest = await readManifest(shardFolder(run, { index, count: shards }));
    const isDone =
      manifest?.state === 'finished' &&
      (manifest.message === null || manifest.shard?.shared_target === target);
    if (!isDone) open.push(index);
  }
  return open;
}
