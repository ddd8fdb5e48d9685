import { join } from 'node:path';
import type { Dataset } from '../dataset.ts';
import type { Recipe } from '../recipe.ts';
import { launcherArgv, launcherEnv } from './launcher.ts';
import { pathsIn, progressFile, settingsFile } from './places.ts';
import type { Place, PlanTrainer } from './plan.ts';
import { settingsText } from './settings-text.ts';
import { deepspeedSetting, shardingFiles } from './sharding.ts';
import { isEvaluated, transformersSettings, weightsPrecision } from './shared-settings.ts';

/** TRL's SFTTrainer, with the settings of `trl sft --config`. */
export const planTrl: PlanTrainer = (recipe, dataset, place) => {
  const { checkpoints } = pathsIn(place.out);
  const settings = {
    ...model(recipe, place),
    ...data(recipe, dataset),
    ...transformersSettings(recipe, dataset, place),
    // Below 1 it is a share of all steps; transformers has no warmup_ratio any more.
    warmup_steps: recipe.warmup_ratio,
    ...lora(recipe),
    ...deepspeedSetting(recipe, place),
    report_to: 'none',
  };
  return {
    trainer: 'trl',
    files: [
      { path: settingsFile('trl.yaml'), text: settingsText(settings) },
      ...shardingFiles('trl', recipe),
    ],
    argv: launcherArgv('trl', recipe, place),
    env: launcherEnv(recipe, place),
    progress: progressFile('trl', place.out),
    checkpoints,
    result: { folder: checkpoints, isLastCheckpoint: false },
  };
};

function model(recipe: Recipe, place: Place) {
  return {
    model_name_or_path: place.model.source,
    ...(recipe.revision === undefined ? {} : { model_revision: recipe.revision }),
    dtype: weightsPrecision(recipe),
    attn_implementation: recipe.attention,
  };
}

function data(recipe: Recipe, dataset: Dataset) {
  const onlyOwn = recipe.assistant_only_loss;
  return {
    dataset_name: join(dataset.folder, 'trl'),
    ...(isEvaluated(recipe, dataset) ? { dataset_test_split: 'validation' } : {}),
    // A synthesizer's rows are a prompt and a completion; an agent's are conversations.
    ...(recipe.task === 'agent'
      ? { assistant_only_loss: onlyOwn }
      : { completion_only_loss: onlyOwn }),
    max_length: recipe.max_length,
    packing: recipe.packing,
  };
}

function lora({ method }: Recipe) {
  if (method.kind === 'full') return {};
  return {
    use_peft: true,
    lora_r: method.r,
    lora_alpha: method.alpha,
    lora_dropout: method.dropout,
    lora_target_modules: method.targets,
  };
}
