import { StoppedError } from '../core/llm/engine.ts';
import type { Passage } from '../core/passage.ts';
import type { PassageEnd } from '../core/run/commit-log.ts';
import type { FunnelCounts } from '../core/run/funnel.ts';
import type { CandidateEnd } from './candidate.ts';

/** A passage's end before anything became of it. */
export function newEnd(passage: Passage): PassageEnd {
  return {
    id: passage.id,
    outcome: 'done',
    reason: null,
    counts: { passages: 1 },
    accepted: [],
    rejected: [],
  };
}

/** Adds a candidate's end to its passage's. */
export function addCandidate(end: PassageEnd, { counts, row, rejection }: CandidateEnd): void {
  addCounts(end.counts, counts);
  if (row !== null) end.accepted.push(row);
  else end.rejected.push(rejection);
}

/** Adds counts to others in place. */
export function addCounts(counts: FunnelCounts, more: FunnelCounts): void {
  // Object.entries forgets which keys there are.
  for (const [key, count] of Object.entries(more) as [keyof FunnelCounts, number][]) {
    counts[key] = (counts[key] ?? 0) + count;
  }
}

/** Waits for all, so that an answer on its way is journaled before an error goes up; the cause before what it stopped. */
export async function allOf<T>(promises: Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(promises);
  const errors = settled
    .filter((one) => one.status === 'rejected')
    .map(({ reason }): unknown => reason);
  if (errors.length > 0)
    throw errors.find((error) => !(error instanceof StoppedError)) ?? errors[0];
  return settled.filter((one) => one.status === 'fulfilled').map(({ value }) => value);
}
