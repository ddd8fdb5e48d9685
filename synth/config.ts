import { z } from 'zod';
import { Sampling } from '../core/llm/endpoint.ts';
import { Domain } from '../core/taxonomy.ts';
import { Method, StageName } from '../core/trajectory.ts';
import { JudgePrompt } from './stages/judge.ts';

/** One stage's own settings: which endpoint answers it, how it samples, how the answer is written. */
const StageConfig = z.strictObject({
  endpoint: z.string().optional(),
  sampling: Sampling.default({}),
  answer: z.enum(['tags', 'json']).default('tags'),
  /** A file that replaces the prompt: .md the constant part, .mjs or .js the whole function. */
  prompt: z.string().optional(),
});

/** A synthesizer answers as it was trained to, in tags. */
const SynthesizeConfig = StageConfig.extend({ answer: z.literal('tags').default('tags') });

/** Sampling where neither endpoint nor stage says otherwise: labels and verdicts cold, conversations with some warmth. */
export const DEFAULT_SAMPLING: Record<StageName, Sampling> = {
  filter: { temperature: 0, max_tokens: 512 },
  extract: { temperature: 0.3, max_tokens: 8192 },
  generate: { temperature: 0.8, top_p: 0.95, max_tokens: 16_384 },
  refine: { temperature: 0.7, top_p: 0.95, max_tokens: 24_576 },
  synthesize: { temperature: 0.8, top_p: 0.95, max_tokens: 16_384 },
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

/** What only a run by a synthesizer has. */
const Synthesizer = z.strictObject({
  /** Samples of each passage; the best by the checks is judged. */
  candidates: z.number().int().min(1).max(32).default(1),
  /** Whether the filter is asked first: without it rows have no tags, and every passage is synthesized. */
  filter: z.boolean().default(false),
  /** What becomes of a passage without an accepted row. */
  fallback: z.enum(['none', 'pipeline']).default('none'),
  /** How a candidate that was turned down is replaced; by the teacher where stages.repair has an endpoint. */
  repair_by: z.enum(['sample', 'teacher']).optional(),
});

/** A run's settings, as a YAML file gives them and flags override them. */
export const SynthConfig = z.strictObject({
  method: Method.default('pipeline'),
  /** For all stages; of the method synthesizer only for the synthesizer. */
  endpoint: z.string().optional(),
  stages: z
    .strictObject({
      filter: StageConfig.prefault({}),
      extract: StageConfig.prefault({}),
      generate: StageConfig.prefault({}),
      refine: StageConfig.prefault({}),
      synthesize: SynthesizeConfig.prefault({}),
      judge: StageConfig.prefault({}),
      repair: StageConfig.prefault({}),
    })
    .prefault({}),
  corpus: Corpus.prefault({}),
  synthesizer: Synthesizer.prefault({}),
  /** With method synthesizer: whether it was trained on refined conversations. */
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

/** The stages that a configuration asks, in the order of StageName. */
export function activeStages(config: SynthConfig): StageName[] {
  const { filter } = config.synthesizer;
  const synthesizes = config.method === 'synthesizer';
  const teaches = usesPipeline(config);
  const isOn: Record<StageName, boolean> = {
    filter: teaches || filter,
    extract: teaches,
    generate: teaches,
    refine: teaches && config.refine,
    synthesize: synthesizes,
    judge: config.judge,
    repair: repairRounds(config) > 0 && (teaches || repairBy(config) === 'teacher'),
  };
  return StageName.options.filter((name) => isOn[name]);
}

/** Whether passages may go through the pipeline's stages: as the method, or where the synthesizer fails. */
export function usesPipeline({
  method,
  synthesizer,
}: Pick<SynthConfig, 'method' | 'synthesizer'>): boolean {
  return method === 'pipeline' || synthesizer.fallback === 'pipeline';
}

/** Who replaces what a synthesizer made and was turned down. */
export function repairBy({
  synthesizer,
  stages,
}: Pick<SynthConfig, 'synthesizer' | 'stages'>): 'sample' | 'teacher' {
  return synthesizer.repair_by ?? (stages.repair.endpoint === undefined ? 'sample' : 'teacher');
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
