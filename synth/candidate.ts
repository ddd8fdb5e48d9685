import type { Conversation } from '../core/conversation.ts';
import { hashValue } from '../core/hash.ts';
import type { Passage } from '../core/passage.ts';
import type { FunnelCounts } from '../core/run/funnel.ts';
import type { Pattern } from '../core/taxonomy.ts';
import {
  type Finding,
  type Rejection,
  type RepairRound,
  SCHEMA_VERSION,
  type StageProvenance,
  type Tags,
  type Trajectory,
} from '../core/trajectory.ts';
import type { ExtractedWorkflow } from '../core/workflow.ts';
import type { StageResult, StageSetup } from './ask-stage.ts';
import { findPatterns } from './check/patterns.ts';
import { checkConversation } from './check/run-checks.ts';
import { judgePromptOf, repairRounds } from './config.ts';
import { faultIndex } from './fault.ts';
import { ask, candidateId, type PipelineRun, provenanceOf } from './pipeline-run.ts';
import { checkReview, decidingFindings, judgeReview, type Review } from './review.ts';
import { shownText } from './stages/blocks.ts';
import { choosePatterns } from './stages/patterns.ts';
import { mended, type RepairInput } from './stages/repair.ts';

/** A trajectory that was accepted, or a candidate that was turned down, and the stations it passed. */
export type CandidateEnd =
  | { counts: FunnelCounts; row: Trajectory; rejection: null }
  | { counts: FunnelCounts; row: null; rejection: Rejection };

/** One trajectory in the making, from a workflow of a passage: generated, refined, checked, judged, mended. */
export class Candidate {
  readonly #run: PipelineRun;
  readonly #passage: Passage;
  readonly #tags: Tags;
  readonly #workflow: ExtractedWorkflow;
  readonly #index: number;
  readonly #patterns: Pattern[];
  readonly #stages: StageProvenance[];
  readonly #counts: FunnelCounts = {};
  readonly #rounds: RepairRound[] = [];

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
    if (!generated.ok) return this.#unreadable('generate', generated.reason, none);
    this.#counts.generated = 1;
    if (!config.refine) return this.#finish(await this.#reviewed(generated.value));
    const refined = await this.#ask(setups.refine, {
      conversation: generated.value,
      workflow: this.#workflow,
      language: config.language,
    });
    if (!refined.ok) return this.#unreadable('refine', refined.reason, generated.value);
    this.#counts.refined = 1;
    return this.#finish(await this.#reviewed(refined.value));
  }

  /** Reviews a conversation, and mends it as often as the run allows while it is turned down. */
  async #reviewed(draft: Conversation): Promise<Version> {
    let version = await this.#review(draft);
    for (let round = 1; round <= repairRounds(this.#run.config); round += 1) {
      const { rejection } = version;
      if (rejection === null || rejection.unscored) break;
      const input = this.#repairInput(version, rejection);
      this.#counts.repair_tried = 1;
      // Another round is another sample, should a mended version be the broken one over again.
      const result = await this.#ask(this.#run.setups.repair, input, this.#index + 10 * round);
      if (!result.ok) return { ...version, rejection: notMended(rejection, result.reason) };
      const next = mended(input, result.value);
      this.#rounds.push(roundOf(version, rejection, input.faultIndex, next));
      version = await this.#review(next);
    }
    return version;
  }

  /** The checks first, then the judge over what passed them. */
  async #review(conversation: Conversation): Promise<Version> {
    const { config, setups } = this.#run;
    const findings = config.check ? this.#check(conversation) : [];
    const turnedDown = checkReview(findings, config.gate);
    if (turnedDown !== null) return { conversation, ...turnedDown };
    if (!config.judge) return { conversation, findings, verdict: null, rejection: null };
    const shown = judgePromptOf(config) === 'paper' ? null : findings;
    const judged = await this.#ask(setups.judge, { conversation, findings: shown });
    return { conversation, ...judgeReview(findings, judged, setups.judge.endpoint.model) };
  }

  #repairInput({ conversation, findings, verdict }: Version, { by }: TurnedDown): RepairInput {
    const { config } = this.#run;
    const deciding = by === 'check' ? decidingFindings(findings, config.gate) : [];
    return {
      passage: this.#passage,
      workflow: this.#workflow,
      conversation,
      faultIndex: faultIndex(conversation, deciding, verdict),
      findings,
      verdict,
      patterns: this.#patterns,
      language: config.language,
    };
  }

  #finish(version: Version): CandidateEnd {
    const { config } = this.#run;
    const { rejection } = version;
    const counts = this.#counts;
    if (config.check && rejection?.by !== 'check') counts.check_passed = 1;
    const row = this.#row(version);
    if (rejection === null) {
      if (config.judge) counts.judge_passed = 1;
      if (this.#rounds.length > 0) counts.repaired = 1;
      return { counts, row, rejection: null };
    }
    const { by, reason, unscored } = rejection;
    counts[`rejected_${by}`] = 1;
    if (unscored) counts.unscored = 1;
    return { counts, row: null, rejection: { ...row, rejected_by: by, reason } };
  }

  #unreadable(by: 'generate' | 'refine', reason: string, conversation: Conversation): CandidateEnd {
    const row = this.#row({ conversation, findings: [], verdict: null, rejection: null });
    this.#counts[`rejected_${by}`] = 1;
    return {
      counts: this.#counts,
      row: null,
      rejection: { ...row, rejected_by: by, reason },
    };
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
    sampleIndex = this.#index,
  ): Promise<StageResult<Value>> {
    const result = await ask(this.#run, setup, input, this.#passage, sampleIndex);
    this.#stages.push(result.provenance);
    return result;
  }

  #row({ conversation: { messages, tools }, findings, verdict }: Version): Trajectory {
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
      checks: findings,
      judge: verdict,
      repair: this.#rounds.length === 0 ? null : this.#rounds,
      provenance: provenanceOf(this.#run, this.#index, this.#stages),
    };
  }
}

/** A conversation and what was made of it. */
type Version = Review & { conversation: Conversation };
type TurnedDown = NonNullable<Review['rejection']>;

/** What is kept of a version that another one replaces. */
function roundOf(
  { conversation, findings, verdict }: Version,
  { by, reason }: TurnedDown,
  fault: number,
  next: Conversation,
): RepairRound {
  const sameTools = hashValue(conversation.tools) === hashValue(next.tools);
  return {
    rejected_by: by,
    reason,
    fault_index: fault,
    messages: conversation.messages.slice(fault),
    tools: sameTools ? null : conversation.tools,
    checks: findings,
    judge: verdict,
  };
}

/** The rejection stays what it was, and says that mending failed. */
function notMended(rejection: TurnedDown, why: string): TurnedDown {
  return { ...rejection, reason: `${rejection.reason}; not mended: ${why}` };
}
