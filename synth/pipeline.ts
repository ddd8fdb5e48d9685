import { StoppedError } from '../core/llm/engine.ts';
import type { Passage } from '../core/passage.ts';
import type { PassageEnd } from '../core/run/commit-log.ts';
import type { FunnelCounts } from '../core/run/funnel.ts';
import {
  type Rejection,
  SCHEMA_VERSION,
  type StageProvenance,
  type Tags,
} from '../core/trajectory.ts';
import type { StageResult } from './ask-stage.ts';
import { Candidate, type CandidateEnd } from './candidate.ts';
import { ask, candidateId, type PipelineRun, provenanceOf } from './pipeline-run.ts';

/**
 * Takes a passage through its stages: filter, extract, then for each workflow generate, refine, check and judge
 * (paper, section 3). Candidates of one passage go side by side.
 * @throws what askStage throws; then the passage has not ended and is taken up again from the journal
 */
export async function runPassage(run: PipelineRun, passage: Passage): Promise<PassageEnd> {
  const end = newEnd(passage);
  const filtered = await ask(run, run.setups.filter, { passage }, passage);
  if (!filtered.ok) return rejectPassage(run, end, passage, 'filter', filtered, null, []);
  const tags = filtered.value.tags;
  if (tags === null) return filterOut(end, 'filtered_not_multi_step', 'not multi-step');
  const dropped = tags.domains.find((domain) => run.config.drop_domains.includes(domain));
  if (dropped !== undefined) return filterOut(end, 'filtered_domain', `domain ${dropped}`);
  end.counts.multi_step = 1;

  const workflows = run.config.workflows_per_passage;
  const extracted = await ask(run, run.setups.extract, { passage, workflows }, passage);
  if (!extracted.ok)
    return rejectPassage(run, end, passage, 'extract', extracted, tags, [filtered.provenance]);
  const stages = [filtered.provenance, extracted.provenance];
  const found = extracted.value.workflows;
  if (found.length === 0) {
    const none = {
      ok: false as const,
      reason: 'the passage holds no workflow',
      provenance: extracted.provenance,
    };
    return rejectPassage(run, end, passage, 'extract', none, tags, [filtered.provenance]);
  }
  end.counts.workflows = found.length;
  const candidates = found.map((workflow, index) =>
    new Candidate(run, passage, tags, workflow, index, stages).run(),
  );
  for (const candidate of await allOf(candidates)) addCandidate(end, candidate);
  return end;
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

function newEnd(passage: Passage): PassageEnd {
  return {
    id: passage.id,
    outcome: 'done',
    reason: null,
    counts: { passages: 1 },
    accepted: [],
    rejected: [],
  };
}

function filterOut(
  end: PassageEnd,
  key: 'filtered_not_multi_step' | 'filtered_domain',
  reason: string,
): PassageEnd {
  return { ...end, outcome: 'filtered', reason, counts: { ...end.counts, [key]: 1 } };
}

function rejectPassage(
  run: PipelineRun,
  end: PassageEnd,
  passage: Passage,
  by: 'filter' | 'extract',
  result: Extract<StageResult<unknown>, { ok: false }>,
  tags: Tags | null,
  before: StageProvenance[],
): PassageEnd {
  const rejection: Rejection = {
    schema_version: SCHEMA_VERSION,
    id: candidateId(run, passage, 0),
    messages: [],
    tools: [],
    workflow: null,
    source: passage,
    tags,
    patterns: { asked: [], found: [] },
    checks: [],
    judge: null,
    repair: null,
    provenance: provenanceOf(run, 0, [...before, result.provenance]),
    rejected_by: by,
    reason: result.reason,
  };
  const counts = { ...end.counts, [`rejected_${by}`]: 1 };
  return {
    ...end,
    outcome: 'rejected',
    reason: `${by}: ${result.reason}`,
    counts,
    rejected: [rejection],
  };
}

/** Adds a candidate's end to its passage's. */
export function addCandidate(end: PassageEnd, { counts, row, rejection }: CandidateEnd): void {
  for (const [key, count] of Object.entries(counts) as [keyof FunnelCounts, number][]) {
    end.counts[key] = (end.counts[key] ?? 0) + count;
  }
  if (row !== null) end.accepted.push(row);
  else end.rejected.push(rejection);
}
