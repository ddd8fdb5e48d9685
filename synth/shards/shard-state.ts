import type { JobState } from '../../core/launch/slurm-parse.ts';
import type { Manifest } from '../../core/run/manifest.ts';

/** How a shard stands: what Slurm says of its task, and what its manifest says. */
export const SHARD_STATES = [
  'finished',
  'running',
  'pending',
  'requeued',
  'stopped',
  'killed',
  'failed',
  'not begun',
] as const;
export type ShardState = (typeof SHARD_STATES)[number];

/** A shard's own last word holds where it is finished; while its task waits or runs, Slurm's. */
export function stateOf(
  manifest: Manifest | undefined,
  isHeld: boolean,
  task: JobState | null,
): ShardState {
  if (manifest?.state === 'finished' && !isHeld) return 'finished';
  if (task !== null && !task.isOver) {
    if (WAITING.test(task.state)) return task.restarts > 0 ? 'requeued' : 'pending';
    return 'running';
  }
  if (isHeld) return 'running';
  if (manifest === undefined) return task === null ? 'not begun' : 'failed';
  if (manifest.state === 'running') return 'killed';
  return manifest.state === 'finished' ? 'finished' : manifest.state;
}

const WAITING = /^(PENDING|REQUEUE|SPECIAL_EXIT|RESV_DEL_HOLD|CONFIGURING)/;
