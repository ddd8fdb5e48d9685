import type { Asker } from '../../core/llm/asker.ts';
import type { PassageEnd } from '../../core/run/commit-log.ts';
import { type FunnelCounts, FunnelKey } from '../../core/run/funnel.ts';
import { addCandidate, allOf } from '../passage-end.ts';
import { type RecheckRun, recheckRow } from './recheck-row.ts';
import type { SourcePassage } from './source-passages.ts';

/** The stations before the checks: what happened there is taken over. */
const BEFORE_CHECKS = FunnelKey.options.slice(0, FunnelKey.options.indexOf('check_passed'));

/**
 * A passage's end with its rows checked and judged anew.
 * @throws what askStage throws; then the passage has not ended and is taken up again from the journal
 */
export async function recheckPassage(
  run: RecheckRun,
  { id, line, rows }: SourcePassage,
  engine: Asker,
): Promise<PassageEnd> {
  // A promotion or a failure is no passage's end: the source's reader leaves them out.
  const outcome = line.outcome === 'promoted' ? 'done' : line.outcome;
  const counts = countsBefore(line.counts);
  const end: PassageEnd = { id, outcome, reason: line.reason, counts, accepted: [], rejected: [] };
  const ends = await allOf(rows.map((found) => recheckRow(run, found, engine)));
  for (const one of ends) addCandidate(end, one);
  return end;
}

function countsBefore(counts: FunnelCounts): FunnelCounts {
  return Object.fromEntries(BEFORE_CHECKS.map((key) => [key, counts[key] ?? 0]));
}
