import type { Manifest } from '../../core/run/manifest.ts';
import type { ShardState } from './shard-state.ts';
import { SHARD_PASSAGES } from './share.ts';

/** What is to be known of a shard for its time. */
interface Timed {
  state: ShardState;
  manifest: Manifest | undefined;
}

/**
 * Seconds until a sharded run is done, at the pace of the shards that run now: until the target, or until every
 * passage has ended, whichever comes first. How long the corpus is, is known once one shard has read all of it.
 * Null where nothing runs, or neither is known.
 */
export function secondsLeft(shards: readonly Timed[], target: number | null): number | null {
  const running = shards.flatMap(({ state, manifest }) =>
    state === 'running' && manifest !== undefined && manifest.seconds > 0 ? [manifest] : [],
  );
  if (running.length === 0) return null;
  const pace = (key: 'passages' | 'accepted') =>
    running.reduce((sum, { funnel, seconds }) => sum + funnel[key] / seconds, 0);
  const times = [
    target === null ? null : (target - accepted(shards)) / pace('accepted'),
    passagesLeft(shards, pace('passages')),
  ];
  const left = Math.min(
    ...times.filter((time) => time !== null && !Number.isNaN(time)).map(Number),
  );
  return Number.isFinite(left) ? Math.max(0, Math.round(left)) : null;
}

function accepted(shards: readonly Timed[]): number {
  return shards.reduce((sum, { manifest }) => sum + (manifest?.funnel.accepted ?? 0), 0);
}

/** In seconds; null while nobody has read the corpus to its end. */
function passagesLeft(shards: readonly Timed[], pace: number): number | null {
  const whole = shards.find(
    ({ manifest }) => manifest?.state === 'finished' && manifest.message === null,
  )?.manifest;
  const passages = Number(whole?.corpus.passages);
  if (!Number.isFinite(passages)) return null;
  const share = passages / shards.length;
  const left = shards
    .filter(({ state }) => state !== 'finished')
    .map(({ manifest }) =>
      Math.max(0, ownPassages(manifest, share) - (manifest?.funnel.passages ?? 0)),
    );
  return left.reduce((sum, count) => sum + count, 0) / pace;
}

/** Its own count where it has read on beyond what is to be expected of it. */
function ownPassages(manifest: Manifest | undefined, share: number): number {
  return Math.max(share, Number(manifest?.corpus[SHARD_PASSAGES] ?? 0));
}
