import type { Conversation } from '../core/conversation.ts';
import { hashValue } from '../core/hash.ts';
import type { Engine } from '../core/llm/engine.ts';
import type { Passage } from '../core/passage.ts';
import type { PassageEnd } from '../core/run/commit-log.ts';
import type { FunnelCounts } from '../core/run/funnel.ts';
import type { Pattern } from '../core/taxonomy.ts';
import {
  type Finding,
  type JudgeVerdict,
  type RejectedBy,
  type Rejection,
  SCHEMA_VERSION,
  type StageProvenance,
  type Tags,
  type Trajectory,
} from '../core/trajectory.ts';
import type { ExtractedWorkflow, Workflow } from '../core/workflow.ts';
import { askStage, type StageResult, type StageSetup } from './ask-stage.ts';
import { findPatterns } from './check/patterns.ts';
import { checkConversation, paperGateFails, strictGateFails } from './check/run-checks.ts';
import type { SynthConfig } from './config.ts';
import type { StageSetups } from './setups.ts';
import { passes } from './stages/judge.ts';
import { choosePatterns } from './stages/patterns.ts';

/** What all passages of a run share. */
export interface PipelineRun {
  config: SynthConfig;
  setups: StageSetups;
  engine: Engine;
  fingerprint: string;
  /** The name of the endpoint that generates: `offline` for the offline teacher. */
  teacher: string;
}

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
  end.counts.workflows = found.length;
  const candidates = found.map((workflow, index) =>
    new Candidate(run, passage, tags, workflow, index, stages).run(),
  );
  for (const candidate of await allOf(candidates)) addCandidate(end, candidate);
  return end;
}

type CandidateEnd =
  | { counts: FunnelCounts; row: Trajectory; rejection: null }
  | { counts: FunnelCounts; row: null; rejection: Rejection };

/** One trajectory in the making: a workflow of a passage. */
class Candidate {
  readonly #run: PipelineRun;
  readonly #passage: Passage;
  readonly #tags: Tags;
  readonly #workflow: ExtractedWorkflow;
  readonly #index: number;
  readonly #patterns: Pattern[];
  readonly #stages: StageProvenance[];
  readonly #counts: FunnelCounts = {};

  constructor(
    run: PipelineRun,
    passage: Passage,
    tags: Tags,
    workflow: ExtractedWorkflow,
    index: number,
    stages: StageProvenance[],
  ) {
    this.#run = run;
    this.#passage = passage;
    this.#tags = tags;
    this.#workflow = workflow;
    this.#index = index;
    this.#patterns = choosePatterns(`${run.config.seed}/${passage.sha256}/${index}`);
    this.#stages = [...stages];
  }

  async run(): Promise<CandidateEnd> {
    const { config, setups } = this.#run;
    const input = {
      passage: this.#passage,
      workflow: this.#workflow,
      patterns: this.#patterns,
      language: config.language,
    };
    const none: Conversation = { messages: [], tools: this.#workflow.tools };
    const generated = await this.#ask(setups.generate, input);
    if (!generated.ok) return this.#reject('generate', generated.reason, none);
    this.#counts.generated = 1;
    if (!config.refine) return this.#validate(generated.value);
    const refined = await this.#ask(setups.refine, {
      conversation: generated.value,
      workflow: this.#workflow,
      language: config.language,
    });
    if (!refined.ok) return this.#reject('refine', refined.reason, generated.value);
    this.#counts.refined = 1;
    return this.#validate(refined.value);
  }

  async #validate(conversation: Conversation): Promise<CandidateEnd> {
    const { config, setups } = this.#run;
    const findings = config.check ? this.#check(conversation) : [];
    const fails = config.gate === 'paper' ? paperGateFails : strictGateFails;
    if (fails(findings))
      return this.#reject('check', findingsInShort(findings), conversation, findings);
    if (config.check) this.#counts.check_passed = 1;
    if (!config.judge) return this.#accept(conversation, findings, null);
    const judged = await this.#ask(setups.judge, { conversation });
    if (!judged.ok)
      return this.#reject('judge', `unscored: ${judged.reason}`, conversation, findings);
    const verdict: JudgeVerdict = { ...judged.value, model: setups.judge.endpoint.model };
    if (!passes(verdict))
      return this.#reject('judge', verdictInShort(verdict), conversation, findings, verdict);
    this.#counts.judge_passed = 1;
    return this.#accept(conversation, findings, verdict);
  }

  #check(conversation: Conversation): Finding[] {
    return checkConversation({
      conversation,
      refined: this.#run.config.refine,
      profile: 'gem',
      language: this.#run.config.language,
      workflow: this.#workflow,
      passage: this.#passage.text,
    });
  }

  async #ask<Input, Value>(
    setup: StageSetup<Input, Value>,
    input: Input,
  ): Promise<StageResult<Value>> {
    const result = await ask(this.#run, setup, input, this.#passage, this.#index);
    this.#stages.push(result.provenance);
    return result;
  }

  #accept(conversation: Conversation, checks: Finding[], judge: JudgeVerdict | null): CandidateEnd {
    return { counts: this.#counts, row: this.#row(conversation, checks, judge), rejection: null };
  }

  #reject(
    by: RejectedBy,
    reason: string,
    conversation: Conversation,
    checks: Finding[] = [],
    judge: JudgeVerdict | null = null,
  ): CandidateEnd {
    const row = this.#row(conversation, checks, judge);
    this.#counts[`rejected_${by}`] = 1;
    return { counts: this.#counts, row: null, rejection: { ...row, rejected_by: by, reason } };
  }

  #row(
    { messages, tools }: Conversation,
    checks: Finding[],
    judge: JudgeVerdict | null,
  ): Trajectory {
    const { tools: _ofTheWorkflow, ...workflow } = this.#workflow;
    return {
      schema_version: SCHEMA_VERSION,
      id: candidateId(this.#run, this.#passage, this.#index),
      messages,
      tools,
      workflow,
      source: this.#passage,
      tags: this.#tags,
      patterns: { asked: this.#patterns, found: findPatterns({ messages, tools }) },
      checks,
      judge,
      provenance: provenanceOf(this.#run, this.#index, this.#stages),
    };
  }
}

/** Waits for all, so that an answer on its way is journaled before the first error goes up. */
async function allOf<T>(promises: Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(promises);
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}

function ask<Input, Value>(
  run: PipelineRun,
  setup: StageSetup<Input, Value>,
  input: Input,
  passage: Passage,
  sampleIndex = 0,
): Promise<StageResult<Value>> {
  return askStage(setup, input, { engine: run.engine, passage: passage.id, sampleIndex });
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
    workflow: null satisfies Workflow | null,
    source: passage,
    tags,
    patterns: { asked: [], found: [] },
    checks: [],
    judge: null,
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

function addCandidate(end: PassageEnd, { counts, row, rejection }: CandidateEnd): void {
  for (const [key, count] of Object.entries(counts) as [keyof FunnelCounts, number][]) {
    end.counts[key] = (end.counts[key] ?? 0) + count;
  }
  if (row !== null) end.accepted.push(row);
  else end.rejected.push(rejection);
}

/** Stable: the same passage, workflow, method and settings give the same id in every run. */
function candidateId(run: PipelineRun, passage: Passage, workflowIndex: number): string {
  return hashValue([passage.id, workflowIndex, 0, 'pipeline', run.fingerprint]).slice(0, 20);
}

function provenanceOf(
  run: PipelineRun,
  workflowIndex: number,
  stages: StageProvenance[],
): Trajectory['provenance'] {
  const { refine, check, judge } = run.config;
  return {
    method: 'pipeline',
    teacher: run.teacher,
    config_fingerprint: run.fingerprint,
    ablation: { refine, check, judge },
    workflow_index: workflowIndex,
    candidate_index: 0,
    stages,
  };
}

function findingsInShort(findings: Finding[]): string {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const first = errors[0];
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return first === undefined ? 'no finding' : `${first.code}: ${first.text}${more}`;
}

function verdictInShort(verdict: JudgeVerdict): string {
  const failed = Object.entries(verdict.rubrics).filter(([, score]) => score === 0);
  return `${failed.map(([name]) => name).join(', ')}: ${verdict.reason}`;
}
