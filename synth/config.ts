import { z } from 'zod';
import { Sampling } from '../core/llm/endpoint.ts';
import { Domain } from '../core/taxonomy.ts';
import type { StageName } from '../core/trajectory.ts';
import { JudgePrompt } from './stages/judge.ts';

/** One stage's own settings: which endpoint answers it, how it samples, how the answer is written. */
const StageConfig = z.strictObject({
  endpoint: z.string().optional(),
  sampling: Sampling.default({}),
  answer: z.enum(['tags', 'json']).default('tags'),
  /** A file that replaces the prompt: .md the constant part, .mjs or .js the whole function. */
  prompt: z.string().optional(),
});

/** Sampling where neither endpoint nor stage says otherwise: labels and verdicts cold, conversations with some warmth. */
export const DEFAULT_SAMPLING: Record<StageName, Sampling> = {
  filter: { temperature: 0, max_tokens: 512 },
  extract: { temperature: 0.3, max_tokens: 8192 },
  generate: { temperature: 0.8, top_p: 0.95, max_tokens: 16_384 },
  refine: { temperature: 0.7, top_p: 0.95, max_tokens: 24_576 },
  judge: { temperature: 0, max_tokens: 2048 },
  repair: { temperature: 0.8, top_p: 0.95, max_tokens: 24_576 },
};

const Corpus = z.strictObject({
  text_field: z.string().optional(),
  id_field: z.string().optional(),
  preset: z.enum(['ultra-fineweb', 'wikihow']).optional(),
  min_tokens: z.number().int().positive().default(40),
  max_tokens: z.number().int().positive().default(2000),
  overlong: z.enum(['split', 'skip']).default('split'),
});

/** A run's settings, as a YAML file gives them and flags override them. */
export const SynthConfig = z.strictObject({
  endpoint: z.string().optional(),
  stages: z
    .strictObject({
      filter: StageConfig.prefault({}),
      extract: StageConfig.prefault({}),
      generate: StageConfig.prefault({}),
      refine: StageConfig.prefault({}),
      judge: StageConfig.prefault({}),
      repair: StageConfig.prefault({}),
    })
    .prefault({}),
  corpus: Corpus.prefault({}),
  refine: z.boolean().default(true),
  check: z.boolean().default(true),
  judge: z.boolean().default(true),
  /** Whether the judge is shown what the checks found. */
  judge_prompt: JudgePrompt.default('findings'),
  /** How often a candidate that was turned down is mended; 1 unless a stage is left out, then 0. */
  repair: z.number().int().min(0).max(3).optional(),
  gate: z.enum(['paper', 'strict']).default('strict'),
  workflows_per_passage: z.number().int().min(1).max(10).default(1),
  drop_domains: z.array(Domain).default([]),
  language: z.string().min(1).default('English'),
  /** How often an unreadable answer is asked for again, with the problem shown. */
  bad_answer_retries: z.number().int().min(0).max(5).default(2),
  seed: z.number().int().default(0),
  target: z.number().int().positive().optional(),
  limit: z.number().int().positive().optional(),
  budget_usd: z.number().positive().optional(),
  /** The run stops when more than this share of its latest passages found no server. */
  max_failed_share: z.number().gt(0).max(1).default(0.5),
});
export type SynthConfig = z.infer<typeof SynthConfig>;

/** The stages that a configuration asks, in order. */
export function activeStages(config: SynthConfig): StageName[] {
  const stages: StageName[] = ['filter', 'extract', 'generate'];
  if (config.refine) stages.push('refine');
  if (config.judge) stages.push('judge');
  if (repairRounds(config) > 0) stages.push('repair');
  return stages;
}

/** How often a candidate is mended at most; never where nothing can turn it down. */
export function repairRounds({
  refine,
  check,
  judge,
  repair,
}: Pick<SynthConfig, 'refine' | 'check' | 'judge' | 'repair'>): number {
  if (!check && !judge) return 0;
  return repair ?? (refine && check && judge ? 1 : 0);
}

/** The judge's prompt in use: without checks there are no findings to show. */
export function judgePromptOf({
  check,
  judge_prompt,
}: Pick<SynthConfig, 'check' | 'judge_prompt'>): JudgePrompt {
  return check ? judge_prompt : 'paper';
}
