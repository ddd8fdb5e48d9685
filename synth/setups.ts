import { type NamedEndpoint, resolveSampling } from '../core/llm/endpoint.ts';
import type { StageName } from '../core/trajectory.ts';
import type { StageSetup } from './ask-stage.ts';
import { DEFAULT_SAMPLING, type SynthConfig } from './config.ts';
import { loadPrompt } from './prompt-file.ts';
import { extract } from './stages/extract.ts';
import { filter } from './stages/filter.ts';
import { generate } from './stages/generate.ts';
import { judge } from './stages/judge.ts';
import { refine } from './stages/refine.ts';
import type { Stage } from './stages/stage.ts';

/** The five stages by name. */
export const STAGES = { filter, extract, generate, refine, judge } satisfies Record<
  StageName,
  unknown
>;

type SetupOf<S> = S extends Stage<infer Input, infer Value> ? StageSetup<Input, Value> : never;
/** Each stage with the endpoint, sampling and prompt that a run asks it with. */
export type StageSetups = { [Name in StageName]: SetupOf<(typeof STAGES)[Name]> };

/** @throws UsageError for a prompt file that cannot be used */
export async function setUpStages(
  config: SynthConfig,
  endpoints: Record<StageName, NamedEndpoint>,
): Promise<StageSetups> {
  return {
    filter: await setUp(STAGES.filter, config, endpoints),
    extract: await setUp(STAGES.extract, config, endpoints),
    generate: await setUp(STAGES.generate, config, endpoints),
    refine: await setUp(STAGES.refine, config, endpoints),
    judge: await setUp(STAGES.judge, config, endpoints),
  };
}

async function setUp<Input, Value>(
  stage: Stage<Input, Value>,
  config: SynthConfig,
  endpoints: Record<StageName, NamedEndpoint>,
): Promise<StageSetup<Input, Value>> {
  const own = config.stages[stage.name];
  const endpoint = endpoints[stage.name];
  const { prompt, hash } = await loadPrompt(stage, own.answer, own.prompt);
  return {
    stage,
    endpoint,
    sampling: resolveSampling(
      { seed: config.seed },
      DEFAULT_SAMPLING[stage.name],
      endpoint.sampling,
      own.sampling,
    ),
    format: own.answer,
    prompt,
    promptHash: hash,
    badAnswerRetries: config.bad_answer_retries,
  };
}
