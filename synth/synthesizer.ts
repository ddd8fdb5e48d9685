import type { Passage } from '../core/passage.ts';
import type { PassageEnd } from '../core/run/commit-log.ts';
import { addCandidate, addCounts, newEnd } from './passage-end.ts';
import { filterPassage, type Kept, runPassage } from './pipeline.ts';
import type { PipelineRun } from './pipeline-run.ts';
import { sampleBest } from './samples.ts';

/**
 * Takes a passage through the method synthesizer: samples in one call each, the best of them judged; where none is
 * accepted, the pipeline if the run says so (paper, Trajectory Synthesizer). The filter comes first only where asked for.
 * @throws what askStage throws; then the passage has not ended and is taken up again from the journal
 */
export async function runSynthesizer(run: PipelineRun, passage: Passage): Promise<PassageEnd> {
  const { filter, fallback } = run.config.synthesizer;
  const kept = filter ? await filterPassage(run, passage, 'synthesizer') : undefined;
  if (kept !== undefined && 'outcome' in kept) return kept;
  const end = newEnd(passage);
  if (kept !== undefined) end.counts.multi_step = 1;
  for (const candidate of await sampleBest(run, passage, kept)) addCandidate(end, candidate);
  if (end.accepted.length > 0 || fallback === 'none') return end;
  return withFallback(end, await runPassage(run, passage, kept), kept);
}

/** Both ends of a passage as one: what the synthesizer made of it, then what the pipeline did. */
function withFallback(own: PassageEnd, pipeline: PassageEnd, kept: Kept | undefined): PassageEnd {
  const { passages: _theSame, multi_step = 0, ...more } = pipeline.counts;
  const counts = { ...own.counts };
  addCounts(counts, { ...more, fallback: 1, ...(kept === undefined ? { multi_step } : {}) });
  return {
    ...own,
    reason: pipeline.reason === null ? null : `fallback: ${pipeline.reason}`,
    counts,
    accepted: pipeline.accepted,
    rejected: [...own.rejected, ...pipeline.rejected],
  };
}
