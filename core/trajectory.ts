import { z } from 'zod';
import { Message, ToolDefinition } from './conversation.ts';
import { Passage } from './passage.ts';
import { Domain, Pattern, Platform, TaskCategory } from './taxonomy.ts';
import { Workflow } from './workflow.ts';

export const SCHEMA_VERSION = 1;

/**
 * The stages that ask a model. The pipeline filters, extracts, generates and refines; a synthesizer does it in one call.
 * The judge follows either; a mended conversation is checked and judged again.
 */
export const StageName = z.enum([
  'filter',
  'extract',
  'generate',
  'refine',
  'synthesize',
  'judge',
  'repair',
]);
export type StageName = z.infer<typeof StageName>;

export const Severity = z.enum(['error', 'warning', 'note']);
export type Severity = z.infer<typeof Severity>;

/** What a check found and where: an index into messages, a JSON path below that message or the tools. */
export const Finding = z.object({
  code: z.string(),
  severity: Severity,
  message_index: z.number().int().nullable(),
  path: z.string().nullable(),
  text: z.string(),
});
export type Finding = z.infer<typeof Finding>;

const Binary = z.union([z.literal(0), z.literal(1)]);

/** The judge's word (paper, Validation): 1 means free of that defect throughout. */
export const JudgeVerdict = z.object({
  rubrics: z.object({ argument_values: Binary, capability: Binary, context: Binary }),
  reason: z.string(),
  message_index: z.number().int().nullable(),
  model: z.string(),
});
export type JudgeVerdict = z.infer<typeof JudgeVerdict>;

/** What one stage of a row asked for and what it cost; request hashes are keys of the journal. */
export const StageProvenance = z.object({
  stage: StageName,
  endpoint: z.string(),
  model: z.string(),
  sampling: z.record(z.string(), z.unknown()),
  prompt_hash: z.string(),
  request_hashes: z.array(z.string()),
  prompt_tokens: z.number(),
  cached_tokens: z.number(),
  completion_tokens: z.number(),
  cost_usd: z.number(),
  seconds: z.number(),
  /** What had to be put right before the answer could be read. */
  repairs: z.array(z.string()),
});
export type StageProvenance = z.infer<typeof StageProvenance>;

/**
 * Who turned a candidate down: a stage whose answer could not be used, the check, the judge, or the choice of the best
 * among a passage's candidates.
 */
export const RejectedBy = z.enum([
  'filter',
  'extract',
  'generate',
  'refine',
  'synthesize',
  'check',
  'selection',
  'judge',
]);
export type RejectedBy = z.infer<typeof RejectedBy>;

/** The row of another run that this one was made from by `recheck`. */
const RecheckedFrom = z.object({
  run: z.string(),
  id: z.string(),
  /** How it had ended there; `unscored` without a judge's verdict. */
  end: z.union([z.enum(['accepted', 'surplus', 'unscored']), RejectedBy]),
  /** The codes of the errors for which the checks had turned it down. */
  codes: z.array(z.string()),
});

/** How passages become trajectories: stage by stage with a teacher, or in one call to a trained synthesizer. */
export const Method = z.enum(['pipeline', 'synthesizer']);
export type Method = z.infer<typeof Method>;

const Provenance = z.object({
  method: Method,
  /** Only of the pipeline's rows in a synthesizer's run: the synthesizer had no acceptable candidate of the passage. */
  fallback: z.literal(true).optional(),
  teacher: z.string(),
  config_fingerprint: z.string(),
  ablation: z.object({ refine: z.boolean(), check: z.boolean(), judge: z.boolean() }),
  workflow_index: z.number().int(),
  candidate_index: z.number().int(),
  stages: z.array(StageProvenance),
  /** Only of rows that were checked or judged anew. */
  rechecked_from: RecheckedFrom.optional(),
});

export const Tags = z.object({
  platform: Platform,
  domains: z.array(Domain).min(1),
  task: TaskCategory,
  summary: z.string(),
});
export type Tags = z.infer<typeof Tags>;

/** A version that was turned down and written anew from `fault_index` on; the messages before it are the next version's. */
export const RepairRound = z.object({
  rejected_by: z.enum(['check', 'judge']),
  reason: z.string(),
  /** Index of the first message that was asked for anew; 0 where the whole conversation with its tools was. */
  fault_index: z.number().int().min(0),
  /** The broken version's messages from there on. */
  messages: z.array(Message),
  /** The broken version's tools where the next version has others; null where they are the same. */
  tools: z.array(ToolDefinition).nullable(),
  /** What the checks found in the broken version. */
  checks: z.array(Finding),
  /** The judge's word on it; null where the checks turned it down. */
  judge: JudgeVerdict.nullable(),
});
export type RepairRound = z.infer<typeof RepairRound>;

/** One line of trajectories.jsonl; Parquet and Arrow have the same columns. */
export const Trajectory = z.object({
  schema_version: z.literal(SCHEMA_VERSION),
  id: z.string(),
  messages: z.array(Message),
  tools: z.array(ToolDefinition),
  /** null where none was extracted: a synthesizer goes from the passage to the conversation. */
  workflow: Workflow.nullable(),
  source: Passage,
  /** null where no filter was asked. */
  tags: Tags.nullable(),
  patterns: z.object({ asked: z.array(Pattern), found: z.array(Pattern) }),
  checks: z.array(Finding),
  judge: JudgeVerdict.nullable(),
  /** The versions before this one, first to last; null where nothing was mended. */
  repair: z.array(RepairRound).min(1).nullable().default(null),
  provenance: Provenance,
});
export type Trajectory = z.infer<typeof Trajectory>;

/** One line of rejected.jsonl: what there was of the candidate when it was turned down, and why. */
export const Rejection = Trajectory.extend({
  rejected_by: RejectedBy,
  reason: z.string(),
});
export type Rejection = z.infer<typeof Rejection>;
