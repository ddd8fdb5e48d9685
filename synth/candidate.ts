import type { Conversation } from '../core/conversation.ts';
import { shownText } from '../core/formats/passage-block.ts';
import { hashValue } from '../core/hash.ts';
import type { Passage } from '../core/passage.ts';
import type { FunnelCounts } from '../core/run/funnel.ts';
import type { Pattern } from '../core/taxonomy.ts';
import {
  type Finding,
  type RejectedBy,
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
import { ask, type CandidateNumber, identityOf, type PipelineRun } from './pipeline-run.ts';
import { checkReview, decidingFindings, judgeReview, type Review } from './review.ts';
import { mended, type RepairInput } from './stages/repair.ts';

/** A trajectory that was accepted, or a candidate that was turned down, and the stations it passed. */
export type CandidateEnd =
  | { counts: FunnelCounts; row: Trajectory; rejection: null }
  | { counts: FunnelCounts; row: null; rejection: Rejection };

/** What a candidate is made of. */
export interface Origin {
  passage: Passage;
  number: CandidateNumber;
  /** null where no filter was asked. */
  tags: Tags | null;
  /** null for a synthesizer's, which extracts none. */
  workflow: ExtractedWorkflow | null;
  /** What was asked for. */
  patterns: Pattern[];
  /** What was asked before it began. */
  stages: readonly StageProvenance[];
}

/** One trajectory in the making: whoever writes it, here it is checked, judged and mended, and becomes a row. */
export class Candidate {
  readonly #run: PipelineRun;
  readonly #origin: Origin;
  readonly #stages: StageProvenance[];
  readonly #counts: FunnelCounts = {};
  readonly #rounds: RepairRound[] = [];

  constructor(run: PipelineRun, origin: Origin) {
    this.#run = run;
    this.#origin = origin;
    this.#stages = [...origin.stages];
  }

  /** Tells candidates of a passage apart in what is asked. */
  get #sampleIndex(): number {
    const { method, workflow, sample } = this.#origin.number;
    return method === 'pipeline' ? workflow : sample;
  }

  /** Asks a stage; what it cost goes into the row. */
  async ask<Input, Value>(
    setup: StageSetup<Input, Value>,
    input: Input,
    sampleIndex = this.#sampleIndex,
  ): Promise<StageResult<Value>> {
    const result = await ask(this.#run, setup, input, this.#origin.passage, sampleIndex);
    this.#stages.push(result.provenance);
    return result;
  }

  /** Notes a station that it passed. */
  passed(station: 'generated' | 'refined' | 'synthesized'): void {
    this.#counts[station] = 1;
  }

  /** The conversation as the checks see it; not judged. */
  checked(conversation: Conversation): Version {
    const { config } = this.#run;
    const findings = config.check ? this.#check(conversation) : [];
    const turnedDown = checkReview(findings, config.gate);
    return {
      conversation,
      ...(turnedDown ?? { findings, verdict: null, rejection: null }),
    };
  }

  /** The judge's word over a version that passed the checks; any other stays as it is. */
  async judged(version: Version): Promise<Version> {
    const { config, setups } = this.#run;
    const { conversation, findings, rejection } = version;
    if (!config.judge || rejection !== null) return version;
    const shown = judgePromptOf(config) === 'paper' ? null : findings;
    const judged = await this.ask(setups.judge, { conversation, findings: shown });
    return { conversation, ...judgeReview(findings, judged, setups.judge.endpoint.model) };
  }

  /** Mends a version as often as the run allows while it is turned down. */
  async mended(draft: Version): Promise<Version> {
    let version = draft;
    for (let round = 1; round <= repairRounds(this.#run.config); round += 1) {
      const { rejection } = version;
      if (rejection === null || rejection.unscored) break;
      const input = this.#repairInput(version, rejection);
      this.#counts.repair_tried = 1;
      // Another round is another sample, should a mended version be the broken one over again.
      const index = this.#sampleIndex + 10 * round;
      const result = await this.ask(this.#run.setups.repair, input, index);
      if (!result.ok) return { ...version, rejection: notMended(rejection, result.reason) };
      const next = mended(input, result.value);
      this.#rounds.push(roundOf(version, rejection, input.faultIndex, next));
      version = await this.judged(this.checked(next));
    }
    return version;
  }

  /** What becomes of it as its last version stands. */
  end(version: Version): CandidateEnd {
    const { config } = this.#run;
    const { rejection } = version;
    const counts = this.#counts;
    if (config.check && rejection?.by !== 'check') counts.check_passed = 1;
    if (rejection !== null) {
      if (rejection.unscored) counts.unscored = 1;
      return this.turnedDown(rejection.by, rejection.reason, version);
    }
    const row = this.#row(version);
    if (config.judge) counts.judge_passed = 1;
    if (this.#rounds.length > 0) counts.repaired = 1;
    if (row.provenance.fallback) counts.fallback_passed = 1;
    return { counts, row, rejection: null };
  }

  /** The end of a candidate without a readable answer, with what there was before it. */
  unreadable(
    by: 'generate' | 'refine' | 'synthesize',
    reason: string,
    conversation: Conversation,
  ): CandidateEnd {
    const version = { conversation, findings: [], verdict: null, rejection: null };
    return this.turnedDown(by, reason, version);
  }

  /** The end of a candidate that passed the checks where another of its passage was better. */
  passedOver(version: Version, reason: string): CandidateEnd {
    if (this.#run.config.check) this.#counts.check_passed = 1;
    return this.turnedDown('selection', reason, version);
  }

  turnedDown(by: RejectedBy, reason: string, version: Version): CandidateEnd {
    const counts = { ...this.#counts, [`rejected_${by}`]: 1 };
    const rejection = { ...this.#row(version), rejected_by: by, reason };
    return { counts, row: null, rejection };
  }

  #repairInput({ conversation, findings, verdict }: Version, { by }: TurnedDown): RepairInput {
    const { config } = this.#run;
    const { passage, workflow, patterns } = this.#origin;
    const deciding = by === 'check' ? decidingFindings(findings, config.gate) : [];
    return {
      passage,
      workflow,
      conversation,
      faultIndex: faultIndex(conversation, deciding, verdict),
      findings,
      verdict,
      patterns,
      language: config.language,
    };
  }

  #check(conversation: Conversation): Finding[] {
    const { passage, workflow, patterns } = this.#origin;
    const { refine, language } = this.#run.config;
    return checkConversation({
      conversation,
      refined: refine,
      profile: 'gem',
      language,
      patterns,
      workflow: workflow ?? undefined,
      passage: shownText(passage),
    });
  }

  #row({ conversation: { messages, tools }, findings, verdict }: Version): Trajectory {
    const { passage, number, tags, workflow, patterns } = this.#origin;
    const { id, provenance } = identityOf(this.#run, passage, number, this.#stages);
    return {
      schema_version: SCHEMA_VERSION,
      id,
      messages,
      tools,
      workflow: workflow === null ? null : withoutTools(workflow),
      source: passage,
      tags,
      patterns: { asked: patterns, found: findPatterns({ messages, tools }) },
      checks: findings,
      judge: verdict,
      repair: this.#rounds.length === 0 ? null : this.#rounds,
      provenance,
    };
  }
}

/** A conversation and what was made of it. */
export type Version = Review & { conversation: Conversation };
type TurnedDown = NonNullable<Review['rejection']>;

function withoutTools({ tools: _ofTheRow, ...workflow }: ExtractedWorkflow) {
  return workflow;
}

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
