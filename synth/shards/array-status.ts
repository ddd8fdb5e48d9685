import { join } from 'node:path';
import { lastError, readEnd } from '../../core/launch/last-error.ts';
import { jobLog } from '../../core/launch/slurm-job.ts';
import type { JobState } from '../../core/launch/slurm-parse.ts';
import { addToFunnel, emptyFunnel, type Funnel } from '../../core/run/funnel.ts';
import { isLocked } from '../../core/run/lock.ts';
import { type Manifest, readManifest } from '../../core/run/manifest.ts';
import { type Shard, shardFolder, shardsIn } from '../../core/run/shard.ts';
import { type ShardState, stateOf } from './shard-state.ts';
import { arrayStates } from './slurm/array-states.ts';
import { type ArrayRecord, readArrayRecord, slurmFolder } from './slurm/record.ts';
import { secondsLeft } from './time-left.ts';

export interface ShardStatus {
  shard: Shard;
  folder: string;
  state: ShardState;
  /** Why, for people; null where there is nothing to say. */
  message: string | null;
  /** Its task, where Slurm or the task's own mark tells of it. */
  task: JobState | null;
  manifest: Manifest | undefined;
}

/** A sharded run as a whole. */
export interface ArrayStatus {
  shards: ShardStatus[];
  counts: Record<ShardState, number>;
  funnel: Funnel;
  cost_usd: number;
  /** Rows that all shards together are to accept. */
  target: number | null;
  /** Seconds until the shards that run now are done at their present pace; null where that cannot be told. */
  eta_seconds: number | null;
  /** The job that merges. */
  merge: JobState | null;
  notes: string[];
}

/**
 * How all shards of a run stand.
 * @throws UsageError for a manifest that cannot be read
 */
export async function arrayStatus(run: string): Promise<ArrayStatus> {
  const record = await readArrayRecord(run);
  const slurm =
    record === undefined
      ? { tasks: new Map<number, JobState>(), merge: null, notes: [] }
      : await arrayStates(run, record);
  const shards: ShardStatus[] = [];
  for (const shard of allShards(run, record))
    shards.push(await shardStatus(run, shard, slurm.tasks.get(shard.index) ?? null, record));
  const funnel = emptyFunnel();
  for (const { manifest } of shards) if (manifest) addToFunnel(funnel, manifest.funnel);
  const manifests = shards.flatMap(({ manifest }) => manifest ?? []);
  const target = record?.target ?? manifests[0]?.shard?.shared_target ?? null;
  return {
    shards,
    counts: countsOf(shards),
    funnel,
    cost_usd: manifests.reduce((sum, { total }) => sum + total.cost_usd, 0),
    target,
    eta_seconds: secondsLeft(shards, target),
    merge: slurm.merge,
    notes: slurm.notes,
  };
}

function allShards(run: string, record: ArrayRecord | undefined): Shard[] {
  const count = record?.shards ?? shardsIn(run)[0]?.shard.count ?? 0;
  return Array.from({ length: count }, (_, at) => ({ index: at + 1, count }));
}

async function shardStatus(
  run: string,
  shard: Shard,
  task: JobState | null,
  record: ArrayRecord | undefined,
): Promise<ShardStatus> {
  const folder = shardFolder(run, shard);
  const manifest = await readManifest(folder);
  const isHeld = await isLocked(folder);
  const state = stateOf(manifest, isHeld, task);
  const log =
    record === undefined || task === null
      ? null
      : join(slurmFolder(run), jobLog(record.name, task.id));
  const message = await messageOf(state, manifest, task, log);
  return { shard, folder, state, message, task, manifest };
}

async function messageOf(
  state: ShardState,
  manifest: Manifest | undefined,
  task: JobState | null,
  log: string | null,
): Promise<string | null> {
  if (state === 'pending' || state === 'requeued') return task?.reason || null;
  if (state === 'running') return task?.nodes ? `on ${task.nodes}` : null;
  if (state === 'failed' && manifest?.state !== 'failed' && log !== null)
    return `${task?.state}; ${firstLine(lastError(await readEnd(log))) || 'no word in its log'}; ${log}`;
  const own = manifest?.message ?? null;
  const outside = task?.isOver && task.exitCode !== 0 ? `job ${task.id} ${task.state}` : null;
  const said = own === null ? null : firstLine(own);
  if (state === 'finished') return said;
  return [said, outside].filter((one) => one !== null).join('; ') || null;
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}

function countsOf(shards: readonly ShardStatus[]): Record<ShardState, number> {
  const of = (wanted: ShardState) => shards.filter(({ state }) => state === wanted).length;
  return {
    finished: of('finished'),
    running: of('running'),
    pending: of('pending'),
    requeued: of('requeued'),
    stopped: of('stopped'),
    killed: of('killed'),
    failed: of('failed'),
    'not begun': of('not begun'),
  };
}
