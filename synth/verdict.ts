import type { RunState } from '../core/run/manifest.ts';
import type { OpenRun } from '../core/run/run-folder.ts';
import type { JobEnd, WorkLog } from './run-corpus.ts';
import { usd } from './summary.ts';

/** How a run ended and why, for people; the target comes before all else, since then nothing is left to do. */
export function verdictOf(
  { log, budget }: { log: Pick<WorkLog, 'targetReached'>; budget: OpenRun['budget'] },
  stopReason: string | undefined,
  { failed, commonestFailure, complete }: JobEnd,
  target: number | undefined,
): [RunState, string | null] {
  if (log.targetReached) return ['finished', `the target of ${target} is reached`];
  if (stopReason !== undefined) return ['stopped', stopReason + budgetGone(budget)];
  if (failed > 0)
    return [
      'stopped',
      `${failed} passages got no answer from the server, most often: ${commonestFailure}; the same command tries them again`,
    ];
  return complete ? ['finished', null] : ['stopped', 'not every passage ended'];
}

/** With a budget, how near it the run stopped. */
function budgetGone({ limitUsd, spentUsd }: OpenRun['budget']): string {
  if (limitUsd === null) return '';
  return `; ${usd(spentUsd)} of the ${limitUsd} USD of the budget are gone`;
}
