import type { Funnel } from '../core/run/funnel.ts';
import type { WorkLog } from './run-corpus.ts';

/** How many passages a target still needs, as the run has gone so far: more would only make surplus. */
export function stillNeeded(
  target: number | undefined,
  { wanted }: Pick<WorkLog, 'wanted'>,
  { accepted, passages }: Funnel,
): number {
  if (target === undefined) return Number.POSITIVE_INFINITY;
  const share = (accepted + 1) / (passages + 1);
  return Math.max(1, Math.ceil((wanted ?? target - accepted) / share));
}
