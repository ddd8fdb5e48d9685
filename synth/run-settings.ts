import type { FingerprintParts } from '../core/run/fingerprint.ts';
import type { StageName } from '../core/trajectory.ts';
import type { StageSetup } from './ask-stage.ts';
import { CHECKS_VERSION } from './check/run-checks.ts';
import { activeStages, judgePromptOf, repairBy, repairRounds, type SynthConfig } from './config.ts';
import type { StageSetups } from './setups.ts';

/** The settings with everything filled in, as config.yaml keeps them: a file that --config takes again. */
export function resolvedConfig(config: SynthConfig, setups: StageSetups): Record<string, unknown> {
  const stages = Object.fromEntries(
    Object.values(setups).map(({ stage, endpoint, sampling, format }) => [
      stage.name,
      { ...config.stages[stage.name], endpoint: endpoint.name, sampling, answer: format },
    ]),
  );
  return {
    ...config,
    judge_prompt: judgePromptOf(config),
    repair: repairRounds(config),
    synthesizer: { ...config.synthesizer, repair_by: repairBy(config) },
    stages,
  };
}

/** What config.yaml says beside the settings, as comments. */
export function configNotes(inputs: string[], setups: StageSetups): string[] {
  const models = Object.values(setups).map(
    ({ stage, endpoint }) => `${stage.name} ${endpoint.model}`,
  );
  return [`input: ${JSON.stringify(inputs)}`, `models: ${models.join(', ')}`];
}

/** What changes the content of rows (design: A run). */
export function fingerprintParts(config: SynthConfig, setups: StageSetups): FingerprintParts {
  const { min_tokens, max_tokens, overlong, preset } = config.corpus;
  const parts: FingerprintParts = {
    'corpus.text_field': config.corpus.text_field ?? null,
    'corpus.id_field': config.corpus.id_field ?? null,
    'corpus.min_tokens': min_tokens,
    'corpus.max_tokens': max_tokens,
    'corpus.overlong': overlong,
    'corpus.preset': preset ?? null,
    refine: config.refine,
    check: config.check,
    judge: config.judge,
    judge_prompt: config.judge ? judgePromptOf(config) : null,
    repair: repairRounds(config),
    gate: config.gate,
    workflows_per_passage: config.workflows_per_passage,
    drop_domains: [...config.drop_domains].sort(),
    language: config.language,
    bad_answer_retries: config.bad_answer_retries,
    seed: config.seed,
    checks_version: CHECKS_VERSION,
    ...methodParts(config),
  };
  for (const name of activeStages(config)) Object.assign(parts, stageParts(setups[name]));
  return parts;
}

/** The pipeline has none: its runs are known without them. */
function methodParts(config: SynthConfig): FingerprintParts {
  if (config.method === 'pipeline') return {};
  const { candidates, filter, fallback } = config.synthesizer;
  return {
    method: config.method,
    candidates,
    filter_first: filter,
    fallback,
    repair_by: repairRounds(config) > 0 ? repairBy(config) : null,
  };
}

/** What of a stage's setup the fingerprint covers. */
type StageSettings = Pick<
  StageSetup<unknown, unknown>,
  'endpoint' | 'sampling' | 'format' | 'promptHash'
> & { stage: { name: StageName } };

/** The parts of one stage. */
export function stageParts({
  stage,
  endpoint,
  sampling,
  format,
  promptHash,
}: StageSettings): FingerprintParts {
  const parts = {
    model: endpoint.model,
    sampling,
    context_length: endpoint.context_length ?? null,
    answer: format,
    prompt: promptHash,
    extra_body: { ...endpoint.extra_body, ...endpoint.thinking?.body },
    structured_output: format === 'json' ? endpoint.structured_output : 'none',
  };
  return Object.fromEntries(
    Object.entries(parts).map(([key, value]) => [`stages.${stage.name}.${key}`, value]),
  );
}
