import { join } from 'node:path';
import type { Dataset } from '../dataset.ts';
import type { Recipe } from '../recipe.ts';
import { launcherArgv, launcherEnv } from './launcher.ts';
import { pathsIn, progressFile, settingsFile } from './places.ts';
import type { Place, PlanTrainer } from './plan.ts';
import { settingsText } from './settings-text.ts';
import { deepspeedSetting, shardingFiles } from './sharding.ts';
import { isEvaluated, transformersSettings, weightsPrecision } from './shared-settings.ts';

/** ms-swift, with the settings of `swift sft`. */
export const planSwift: PlanTrainer = (recipe, dataset, place) => {
  const { checkpoints } = pathsIn(place.out);
  const settings = {
    ...model(recipe, place),
    ...data(recipe, dataset),
    ...method(recipe),
    ...transformersSettings(recipe, dataset, place),
    warmup_ratio: recipe.warmup_ratio,
    ...deepspeedSetting(recipe, place),
    ...(recipe.sharding === 'fsdp2' ? { fsdp: 'fsdp2' } : {}),
    use_liger_kernel: recipe.fused_loss,
    include_num_input_tokens_seen: true,
    // Checkpoints lie in output_dir itself, not in a folder named by the time.
    add_version: false,
    report_to: 'none',
  };
  return {
    trainer: 'swift',
    files: [
      { path: settingsFile('swift.yaml'), text: settingsText(settings) },
      ...shardingFiles('swift', recipe),
    ],
    argv: launcherArgv('swift', recipe, place),
    env: launcherEnv(recipe, place),
    progress: progressFile('swift', place.out),
    checkpoints,
    result: { folder: checkpoints, isLastCheckpoint: true },
  };
};

const ATTENTION = { sdpa: 'sdpa', flash_attention_2: 'flash_attn', eager: 'eager' };
const KIND = {
  qwen3: { model_type: 'qwen3', template: 'qwen3' },
  smollm2: { model_type: 'llama', template: 'chatml' },
};

function model(recipe: Recipe, place: Place) {
  return {
    model: place.model.source,
    ...(recipe.revision === undefined ? {} : { model_revision: recipe.revision }),
    use_hf: true,
    check_model: false,
    ...KIND[recipe.chat_template],
    agent_template: 'hermes',
    torch_dtype: weightsPrecision(recipe),
    attn_impl: ATTENTION[recipe.attention],
  };
}

function data(recipe: Recipe, dataset: Dataset) {
  const file = (split: string) => join(dataset.folder, 'swift', `${split}.jsonl`);
  return {
    dataset: [file('train')],
    ...(isEvaluated(recipe, dataset) ? { val_dataset: [file('validation')] } : {}),
    split_dataset_ratio: 0,
    // A row that it cannot read is an error, not left out.
    strict: true,
    max_length: recipe.max_length,
    packing: recipe.packing,
    loss_scale: recipe.assistant_only_loss ? 'default' : 'all',
  };
}

function method({ method: of }: Recipe) {
  if (of.kind === 'full') return { tuner_type: 'full' };
  return {
    tuner_type: 'lora',
    lora_rank: of.r,
    lora_alpha: of.alpha,
    lora_dropout: of.dropout,
    target_modules: of.targets === 'all-linear' ? ['all-linear'] : of.targets,
  };
}
