import { join } from 'node:path';
import type { Dataset } from '../dataset.ts';
import type { Recipe } from '../recipe.ts';
import { launcherArgv, launcherEnv } from './launcher.ts';
import { pathsIn, progressFile, settingsFile } from './places.ts';
import type { Place, PlanTrainer } from './plan.ts';
import { settingsText } from './settings-text.ts';
import { deepspeedSetting, shardingFiles } from './sharding.ts';
import { isEvaluated, transformersSettings } from './shared-settings.ts';

/** LLaMA-Factory, with the settings of `llamafactory-cli train`. */
export const planLlamaFactory: PlanTrainer = (recipe, dataset, place) => {
  const { checkpoints } = pathsIn(place.out);
  const { gradient_checkpointing, ...shared } = transformersSettings(recipe, dataset, place);
  const settings = {
    stage: 'sft',
    do_train: true,
    ...model(recipe, place),
    ...data(recipe, dataset),
    ...method(recipe),
    ...shared,
    disable_gradient_checkpointing: !gradient_checkpointing,
    warmup_ratio: recipe.warmup_ratio,
    ...deepspeedSetting(recipe, place),
    include_num_input_tokens_seen: 'non_padding',
    report_to: 'none',
  };
  return {
    trainer: 'llamafactory',
    files: [
      { path: settingsFile('llamafactory.yaml'), text: settingsText(settings) },
      ...shardingFiles('llamafactory', recipe),
    ],
    argv: launcherArgv('llamafactory', recipe, place),
    env: launcherEnv(recipe, place),
    progress: progressFile('llamafactory', place.out),
    checkpoints,
    result: { folder: checkpoints, isLastCheckpoint: false },
  };
};

const ATTENTION = { sdpa: 'sdpa', flash_attention_2: 'fa2', eager: 'disabled' };

function model(recipe: Recipe, place: Place) {
  return {
    model_name_or_path: place.model.source,
    ...(recipe.revision === undefined ? {} : { model_revision: recipe.revision }),
    flash_attn: ATTENTION[recipe.attention],
    enable_liger_kernel: recipe.fused_loss,
  };
}

function data(recipe: Recipe, dataset: Dataset) {
  return {
    dataset_dir: join(dataset.folder, 'llamafactory'),
    dataset: dataset.names.train,
    ...(isEvaluated(recipe, dataset) ? { eval_dataset: dataset.names.validation } : {}),
    // Its qwen3 template prints tools as Hermes does.
    template: recipe.chat_template,
    cutoff_len: recipe.max_length,
    packing: recipe.packing,
    neat_packing: recipe.packing,
    train_on_prompt: !recipe.assistant_only_loss,
    overwrite_cache: true,
  };
}

function method({ method: of }: Recipe) {
  if (of.kind === 'full') return { finetuning_type: 'full' };
  return {
    finetuning_type: 'lora',
    lora_rank: of.r,
    lora_alpha: of.alpha,
    lora_dropout: of.dropout,
    lora_target: of.targets === 'all-linear' ? 'all' : of.targets.join(','),
  };
}
