import type { Conversation } from '../core/conversation.ts';
import type { Passage } from '../core/passage.ts';
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
import type { ExtractedWorkflow } from '../core/workflow.ts';
import type { StageResult, StageSetup } from './ask-stage.ts';
import { findPatterns } from './check/patterns.ts';
import { checkConversation, paperGateFails, strictGateFails } from './check/run-checks.ts';
import { ask, candidateId, type PipelineRun, provenanceOf } from './pipeline-run.ts';
import { shownText } from './stages/blocks.ts';
import { passes } from './stages/judge.ts';
import { choosePatterns } from './stages/patterns.ts';

/** A trajectory that was accepted, or a candidate that was turned down, and the stations it passed. */
export type CandidateEnd =
  | { counts: FunnelCounts; row: Trajectory; rejection: null }
  | { counts: FunnelCounts; row: null; rejection: Rejection };

/** One trajectory in the making, from a workflow of a passage: generated, refined, checked, judged. */
export class Candidate {
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
      patterns: this.#patterns,
      workflow: this.#workflow,
      passage: shownText(this.#passage),
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
