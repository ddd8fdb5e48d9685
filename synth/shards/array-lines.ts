import { rejectedTotal } from '../../core/run/funnel.ts';
import { table } from '../../core/table.ts';
import { usd } from '../summary.ts';
import type { ArrayStatus, ShardStatus } from './array-status.ts';
import { SHARD_STATES } from './shard-state.ts';

/** How a sharded run stands, for people. */
export function arrayLines(run: string, status: ArrayStatus, isMerged: boolean): string[] {
  const { shards, counts, funnel, target, eta_seconds: eta, merge, notes } = status;
  const states = SHARD_STATES.filter((state) => counts[state] > 0);
  const of = target === null ? '' : ` of ${target}`;
  return [
    `${run}: ${states.map((state) => `${counts[state]} ${state}`).join(', ')}, of ${shards.length} shards`,
    `${funnel.accepted}${of} accepted, ${rejectedTotal(funnel)} rejected, ${funnel.surplus} surplus, of ${funnel.passages} passages; ${usd(status.cost_usd)} USD${eta === null ? '' : `; about ${readable(eta)} left`}`,
    '',
    ...table([
      ['shard', 'state', 'passages', 'accepted', 'rejected', 'failed', 'job', ''],
      ...shards.map(rowOf),
    ]),
    '',
    ...mergeLines(run, status, isMerged, merge),
    ...notes.map((note) => `note: ${note.split('\n')[0]}`),
  ];
}

function rowOf({ shard, state, message, task, manifest }: ShardStatus): (string | number)[] {
  const funnel = manifest?.funnel;
  return [
    `${shard.index}/${shard.count}`,
    state,
    funnel?.passages ?? 0,
    funnel?.accepted ?? 0,
    funnel === undefined ? 0 : rejectedTotal(funnel),
    manifest?.failed_passages ?? 0,
    task === null ? '' : `${task.id} ${task.state}${again(task.restarts)}`,
    message ?? '',
  ];
}

const again = (restarts: number): string => (restarts > 0 ? `, start ${restarts + 1}` : '');

function mergeLines(
  run: string,
  { counts, shards }: ArrayStatus,
  isMerged: boolean,
  merge: ArrayStatus['merge'],
): string[] {
  if (merge !== null && !merge.isOver)
    return [
      `merging: job ${merge.id} ${merge.state}${merge.reason === '' ? '' : ` (${merge.reason})`}`,
    ];
  if (isMerged) return [`merged: ${run}/trajectories.jsonl`];
  if (counts.finished === shards.length)
    return [
      `not merged${merge === null ? '' : ` (job ${merge.id} ${merge.state})`}: gem-traj merge ${run}`,
    ];
  const open = counts.running + counts.pending + counts.requeued;
  return open > 0
    ? []
    : ['Run the same command again: finished shards are left alone, the others go on.'];
}

function readable(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
}
