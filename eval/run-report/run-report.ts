import { z } from 'zod';
import { Bill } from '../../core/llm/ledger.ts';
import { RunState } from '../../core/run/manifest.ts';
import { LengthName } from '../../core/stats/lengths.ts';
import { NumberSummary } from '../../core/stats/numbers.ts';
import { RejectedBy, Severity } from '../../core/trajectory.ts';
import { PersonAgreement } from '../viewer/agreement.ts';

const Count = z.number().int();

/** A text and how many of its characters were left out. */
export const Clipped = z.object({ text: z.string(), cut: Count });
export type Clipped = z.infer<typeof Clipped>;

const RunFacts = z.object({
  name: z.string(),
  state: RunState,
  message: z.string().nullable(),
  method: z.string(),
  offline: z.boolean(),
  /** The teachers that the rows name. */
  teachers: z.array(z.string()),
  stages: z.array(
    z.object({
      stage: z.string(),
      model: z.string(),
      endpoints: z.array(z.string()),
      settings: z.record(z.string(), z.unknown()),
    }),
  ),
  ablation: z.object({ refine: z.boolean(), check: z.boolean(), judge: z.boolean() }),
  gate: z.string().nullable(),
  seed: z.number().nullable(),
  fingerprint: z.string(),
  /** What the fingerprint covers beside the stages, the gate and the seed. */
  settings: z.record(z.string(), z.unknown()),
  versions: z.record(z.string(), z.string()),
  started_at: z.string(),
  updated_at: z.string(),
  seconds: z.number(),
  sessions: Count,
});

const Loss = z.object({ label: z.string(), count: Count });

/** A station of the funnel, and what was turned down between it and the one before. */
const Station = z.object({ key: z.string(), label: z.string(), count: Count, lost: z.array(Loss) });

/** A place in a row that a reason points to, with the words that stand there. */
export const Example = z.object({
  row_id: z.string(),
  passage_id: z.string(),
  message_index: Count.nullable(),
  path: z.string().nullable(),
  text: Clipped,
  excerpt: Clipped.nullable(),
});
export type Example = z.infer<typeof Example>;

/** Why rows were turned down: a check's code, a rubric of the judge, a kind of unreadable answer, or a better candidate. */
const Reason = z.object({
  kind: z.enum(['check', 'rubric', 'unscored', 'unreadable', 'not_best']),
  name: z.string(),
  title: z.string().nullable(),
  rows: Count,
  examples: z.array(Example),
});

const Corpus = z.object({
  files: Count,
  documents: Count,
  passages: Count,
  split_documents: Count,
  left_out: z.array(Loss),
});

export const Distribution = NumberSummary.extend({ name: LengthName });
export type Distribution = z.infer<typeof Distribution>;

const Named = z.object({ name: z.string(), count: Count });

const Composition = z.object({
  domains: z.array(Named),
  tasks: z.array(Named),
  platforms: z.array(Named),
  patterns: z.array(
    z.object({ name: z.string(), asked: Count, found: Count, asked_and_found: Count }),
  ),
});

const FindingCount = z.object({
  code: z.string(),
  severity: Severity,
  title: z.string().nullable(),
  findings: Count,
  rows_accepted: Count,
  rows_rejected: Count,
});

/** A trajectory as the report shows it, long texts cut. */
export const Sample = z.object({
  id: z.string(),
  rejected_by: RejectedBy.nullable(),
  reason: Clipped.nullable(),
  summary: Clipped.nullable(),
  platform: z.string().nullable(),
  domains: z.array(z.string()),
  task: z.string().nullable(),
  patterns: z.object({ asked: z.array(z.string()), found: z.array(z.string()) }),
  passage: z.object({
    id: z.string(),
    title: Clipped.nullable(),
    url: Clipped.nullable(),
    licence: Clipped.nullable(),
    text: Clipped,
  }),
  workflow: z
    .object({
      description: Clipped,
      steps: z.array(Clipped),
      graph: Clipped,
      constraints: z.array(z.object({ rule: Clipped, quote: Clipped, test: Clipped.nullable() })),
    })
    .nullable(),
  tools: z.array(z.object({ name: Clipped, description: Clipped, parameters: z.array(Clipped) })),
  messages: z.array(
    z.object({
      index: Count,
      role: z.enum(['system', 'user', 'assistant', 'tool']),
      /** For a result, the tool that was called. */
      tool: Clipped.nullable(),
      content: Clipped.nullable(),
      calls: z.array(z.object({ name: Clipped, arguments: Clipped })),
    }),
  ),
  findings: z.array(
    z.object({
      code: z.string(),
      severity: Severity,
      message_index: Count.nullable(),
      path: z.string().nullable(),
      text: Clipped,
    }),
  ),
  judge: z
    .object({
      rubrics: z.record(z.string(), Count),
      reason: Clipped,
      message_index: Count.nullable(),
      model: z.string(),
    })
    .nullable(),
  /** The versions before this one: who turned each down, why, and from which message on it was written anew. */
  mended: z.array(z.object({ rejected_by: z.string(), reason: Clipped, from: Count })),
  /** Members left out, beyond the report's limits. */
  left_out: z.object({ messages: Count, tools: Count, findings: Count }),
  tokens: z.number(),
  cost_usd: z.number(),
});
export type Sample = z.infer<typeof Sample>;

/** report.json: what a run made, what it turned down and why, and what it cost. */
export const RunReport = z.object({
  schema_version: z.literal(1),
  kind: z.literal('run'),
  run: RunFacts,
  /** Rows of the files; the funnel is the manifest's and lags behind a run under way. */
  rows: z.object({ accepted: Count, rejected: Count, surplus: Count }),
  failed_passages: Count,
  funnel: z.array(Station),
  /** Candidates that were turned down and mended, and those accepted after it; null where none was. */
  mending: z.object({ tried: Count, accepted: Count }).nullable(),
  rejections: z.array(
    z.object({ by: RejectedBy, rows: Count, reasons: z.array(Reason), other_reasons: Count }),
  ),
  bill: z.object({
    stages: z.array(z.object({ stage: z.string(), endpoint: z.string(), bill: Bill })),
    total: Bill,
    unaccounted_usd: z.number(),
    per_accepted: z.object({ tokens: z.number(), usd: z.number() }).nullable(),
  }),
  corpus: Corpus.nullable(),
  composition: Composition,
  distributions: z.array(Distribution),
  findings: z.array(FindingCount),
  /** What a person said of rows in the viewer; null where nobody did. */
  person: PersonAgreement.nullable(),
  samples: z.object({ accepted: z.array(Sample), rejected: z.array(Sample) }),
});
export type RunReport = z.infer<typeof RunReport>;
