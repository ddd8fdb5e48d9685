import { join } from 'node:path';
import type { NamedEndpoint } from '../../core/llm/endpoint.ts';
import type { FingerprintParts } from '../../core/run/fingerprint.ts';
import type { Manifest } from '../../core/run/manifest.ts';
import type { RunSettings } from '../../core/run/run-folder.ts';
import { readYaml } from '../../core/yaml.ts';
import type { StageSetup } from '../ask-stage.ts';
import { CHECKS_VERSION } from '../check/run-checks.ts';
import { judgePromptOf, SynthConfig } from '../config.ts';
import { stageParts } from '../run-settings.ts';
import { setUp } from '../setups.ts';
import {
  type JudgeAnswer,
  type JudgeInput,
  type JudgePrompt,
  judgeStage,
} from '../stages/judge.ts';

/** What a recheck changes of a run's settings. */
export interface RecheckChoice {
  /** The source's unless given. */
  gate?: SynthConfig['gate'] | undefined;
  /** Who judges; the source's verdicts are kept where nobody does. */
  judge?: NamedEndpoint | undefined;
  judgePrompt?: JudgePrompt | undefined;
  budgetUsd?: number | undefined;
}

/** The settings of a rechecked run. */
export interface RecheckSettings {
  config: SynthConfig;
  judge: StageSetup<JudgeInput, JudgeAnswer> | null;
  resolved: RunSettings['config'];
  fingerprintParts: FingerprintParts;
}

/**
 * The source's settings with the gate, the judge and the checks' version of today in place of its own.
 * @param folder the source run's
 * @throws UsageError for a config.yaml that cannot be read
 */
export async function recheckSettings(
  folder: string,
  source: Manifest,
  choice: RecheckChoice,
): Promise<RecheckSettings> {
  const config = changed(await readYaml(join(folder, 'config.yaml'), SynthConfig), choice);
  const { judge: endpoint } = choice;
  const judge =
    endpoint === undefined
      ? null
      : await setUp(judgeStage(judgePromptOf(config)), config, endpoint);
  return {
    config,
    judge,
    resolved: judge === null ? config : withJudge(config, judge),
    fingerprintParts: parts(source, config, judge),
  };
}

/** Target and limit were the source's: all its candidates are looked at. */
function changed(
  { target: _target, limit: _limit, budget_usd: _budget, ...source }: SynthConfig,
  { gate, judge, judgePrompt, budgetUsd }: RecheckChoice,
): SynthConfig {
  return {
    ...source,
    check: true,
    gate: gate ?? source.gate,
    judge: judge !== undefined || source.judge,
    ...(judgePrompt === undefined ? {} : { judge_prompt: judgePrompt }),
    ...(budgetUsd === undefined ? {} : { budget_usd: budgetUsd }),
    stages: { ...source.stages, judge: judgeConfig(source.stages.judge, judge, judgePrompt) },
  };
}

/** Another endpoint samples as its own entry says; a prompt that is asked for by name replaces a file's. */
function judgeConfig(
  own: SynthConfig['stages']['judge'],
  judge: NamedEndpoint | undefined,
  prompt: JudgePrompt | undefined,
): SynthConfig['stages']['judge'] {
  const { prompt: file, ...rest } = own;
  const kept = prompt === undefined && file !== undefined ? { prompt: file } : {};
  if (judge === undefined || judge.name === own.endpoint) return { ...rest, ...kept };
  return { ...rest, ...kept, endpoint: judge.name, sampling: {} };
}

function withJudge(
  config: SynthConfig,
  { endpoint, sampling, format }: StageSetup<JudgeInput, JudgeAnswer>,
): unknown {
  const judge = { ...config.stages.judge, endpoint: endpoint.name, sampling, answer: format };
  return { ...config, stages: { ...config.stages, judge } };
}

/** The source's fingerprint is a part too: a row whose faults came to light later was not mended for them. */
function parts(
  source: Manifest,
  config: SynthConfig,
  judge: StageSetup<JudgeInput, JudgeAnswer> | null,
): FingerprintParts {
  const kept = Object.entries(source.fingerprint_parts).filter(
    ([key]) => judge === null || !key.startsWith('stages.judge.'),
  );
  return {
    ...Object.fromEntries(kept),
    check: true,
    checks_version: CHECKS_VERSION,
    gate: config.gate,
    judge: config.judge,
    rechecked_from: source.fingerprint,
    ...(judge === null ? {} : { judge_prompt: judgePromptOf(config), ...stageParts(judge) }),
  };
}
