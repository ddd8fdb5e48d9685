import { type NamedEndpoint, resolveSampling, type Sampling } from '../core/llm/endpoint.ts';
import type { StageName } from '../core/trajectory.ts';
import type { StageSetup } from './ask-stage.ts';
import { DEFAULT_SAMPLING, judgePromptOf, type SynthConfig } from './config.ts';
import { loadPrompt } from './prompt-file.ts';
import { extract } from './stages/extract.ts';
import { filter } from './stages/filter.ts';
import { generate } from './stages/generate.ts';
import { judge, judgeStage } from './stages/judge.ts';
import { refine } from './stages/refine.ts';
import { repair } from './stages/repair.ts';
import type { Stage } from './stages/stage.ts';
import { synthesize } from './stages/synthesize.ts';

/** The stages by name. */
export const STAGES = {
  filter,
  extract,
  generate,
  refine,
  synthesize,
  judge,
  repair,
} satisfies Record<StageName, unknown>;

type SetupOf<S> = S extends Stage<infer Input, infer Value> ? StageSetup<Input, Value> : never;
/** Each stage with the endpoint, sampling and prompt that a run asks it with. */
export type StageSetups = { [Name in StageName]: SetupOf<(typeof STAGES)[Name]> };

/** @throws UsageError for a prompt file that cannot be used */
export async function setUpStages(
  config: SynthConfig,
  endpoints: Record<StageName, NamedEndpoint>,
): Promise<StageSetups> {
  return {
    filter: await setUp(STAGES.filter, config, endpoints.filter),
    extract: await setUp(STAGES.extract, config, endpoints.extract),
    generate: await setUp(STAGES.generate, config, endpoints.generate),
    refine: await setUp(STAGES.refine, config, endpoints.refine),
    synthesize: await setUp(STAGES.synthesize, config, endpoints.synthesize),
    judge: await setUp(judgeStage(judgePromptOf(config)), config, endpoints.judge),
    repair: await setUp(STAGES.repair, config, endpoints.repair),
  };
}

/** One stage alone. @throws UsageError for a prompt file that cannot be used */
export async function setUp<Input, Value>(
  stage: Stage<Input, Value>,
  config: SynthConfig,
  endpoint: NamedEndpoint,
): Promise<StageSetup<Input, Value>> {
  const own = config.stages[stage.name];
  const { prompt, hash } = await loadPrompt(stage, own.answer, own.prompt);
  return {
    stage,
    endpoint,
    sampling: resolveSampling(
      { seed: config.seed },
      DEFAULT_SAMPLING[stage.name],
      endpoint.sampling,
      ...samplingOf(stage.name, config),
    ),
    format: own.answer,
    prompt,
    promptHash: hash,
    badAnswerRetries: config.bad_answer_retries,
  };
}

/** Repair samples as generation does unless it is told otherwise; but a whole refined conversation must fit. */
function samplingOf(stage: StageName, { stages }: SynthConfig): Sampling[] {
  if (stage !== 'repair') return [stages[stage].sampling];
  const { max_tokens: _ofAShorterAnswer, ...ofGeneration } = stages.generate.sampling;
  return [ofGeneration, stages.repair.sampling];
}
