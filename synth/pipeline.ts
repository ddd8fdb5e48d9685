import type { Conversation } from '../core/conversation.ts';
import type { Passage } from '../core/passage.ts';
import type { PassageEnd } from '../core/run/commit-log.ts';
import {
  type Method,
  type Rejection,
  SCHEMA_VERSION,
  type StageProvenance,
  type Tags,
} from '../core/trajectory.ts';
import type { ExtractedWorkflow } from '../core/workflow.ts';
import { Candidate, type CandidateEnd } from './candidate.ts';
import { addCandidate, allOf, newEnd } from './passage-end.ts';
import { ask, type CandidateNumber, identityOf, type PipelineRun } from './pipeline-run.ts';
import { choosePatterns } from './stages/patterns.ts';

/** A passage that the filter let through. */
export interface Kept {
  tags: Tags;
  provenance: StageProvenance;
}

/**
 * Takes a passage through its stages: filter, extract, then for each workflow generate, refine, check and judge
 * (paper, section 3). Candidates of one passage go side by side.
 * @param known what the filter said where it was asked before
 * @throws what askStage throws; then the passage has not ended and is taken up again from the journal
 */
export async function runPassage(
  run: PipelineRun,
  passage: Passage,
  known?: Kept,
): Promise<PassageEnd> {
  const kept = known ?? (await filterPassage(run, passage));
  if ('outcome' in kept) return kept;
  const end = newEnd(passage);
  end.counts.multi_step = 1;

  const workflows = run.config.workflows_per_passage;
  const extracted = await ask(run, run.setups.extract, { passage, workflows }, passage);
  const stages = [kept.provenance, extracted.provenance];
  const found = extracted.ok ? extracted.value.workflows : [];
  if (found.length === 0) {
    const reason = extracted.ok ? 'the passage holds no workflow' : extracted.reason;
    return rejected(end, rejectionOf(run, passage, 'extract', reason, kept.tags, stages));
  }
  end.counts.workflows = found.length;
  const candidates = found.map((workflow, index) =>
    runCandidate(run, passage, kept.tags, workflow, index, stages),
  );
  for (const candidate of await allOf(candidates)) addCandidate(end, candidate);
  return end;
}

/**
 * Asks the filter about a passage: its tags, or how it ended there.
 * @param method the method on whose behalf it is asked
 * @throws what askStage throws
 */
export async function filterPassage(
  run: PipelineRun,
  passage: Passage,
  method: Method = 'pipeline',
): Promise<Kept | PassageEnd> {
  const end = newEnd(passage);
  const filtered = await ask(run, run.setups.filter, { passage }, passage);
  const { provenance } = filtered;
  if (!filtered.ok)
    return rejected(
      end,
      rejectionOf(run, passage, 'filter', filtered.reason, null, [provenance], method),
    );
  const tags = filtered.value.tags;
  if (tags === null) return filterOut(end, 'filtered_not_multi_step', 'not multi-step');
  const dropped = tags.domains.find((domain) => run.config.drop_domains.includes(domain));
  if (dropped !== undefined) return filterOut(end, 'filtered_domain', `domain ${dropped}`);
  return { tags, provenance };
}

function filterOut(
  end: PassageEnd,
  key: 'filtered_not_multi_step' | 'filtered_domain',
  reason: string,
): PassageEnd {
  return { ...end, outcome: 'filtered', reason, counts: { ...end.counts, [key]: 1 } };
}

/** One workflow's trajectory: generated, refined, checked, judged, mended. */
async function runCandidate(
  run: PipelineRun,
  passage: Passage,
  tags: Tags,
  workflow: ExtractedWorkflow,
  index: number,
  stages: StageProvenance[],
): Promise<CandidateEnd> {
  const { config, setups } = run;
  const { language } = config;
  const patterns = choosePatterns(`${config.seed}/${passage.sha256}/${index}`);
  const number: CandidateNumber = { method: 'pipeline', workflow: index, sample: 0 };
  const candidate = new Candidate(run, { passage, number, tags, workflow, patterns, stages });
  const finish = async (conversation: Conversation) =>
    candidate.end(await candidate.mended(await candidate.judged(candidate.checked(conversation))));

  const generated = await candidate.ask(setups.generate, { passage, workflow, patterns, language });
  const none: Conversation = { messages: [], tools: workflow.tools };
  if (!generated.ok) return candidate.unreadable('generate', generated.reason, none);
  candidate.passed('generated');
  const conversation = generated.value;
  if (!config.refine) return finish(conversation);
  const refined = await candidate.ask(setups.refine, { conversation, workflow, language });
  if (!refined.ok) return candidate.unreadable('refine', refined.reason, conversation);
  candidate.passed('refined');
  return finish(refined.value);
}

/** The row of a passage that ended before there was a candidate. */
function rejectionOf(
  run: PipelineRun,
  passage: Passage,
  by: 'filter' | 'extract',
  reason: string,
  tags: Tags | null,
  stages: StageProvenance[],
  method: Method = 'pipeline',
): Rejection {
  const { id, provenance } = identityOf(run, passage, { method, workflow: 0, sample: 0 }, stages);
  return {
    schema_version: SCHEMA_VERSION,
    id,
    messages: [],
    tools: [],
    workflow: null,
    source: passage,
    tags,
    patterns: { asked: [], found: [] },
    checks: [],
    judge: null,
    repair: null,
    provenance,
    rejected_by: by,
    reason,
  };
}

function rejected(end: PassageEnd, rejection: Rejection): PassageEnd {
  const { rejected_by: by, reason } = rejection;
  return {
    ...end,
    outcome: 'rejected',
    reason: `${by}: ${reason}`,
    counts: { ...end.counts, [`rejected_${by}`]: 1 },
    rejected: [rejection],
  };
}
