import { UsageError } from '../../core/errors.ts';
import { accumulation } from '../batch.ts';
import type { Dataset } from '../dataset.ts';
import type { Recipe } from '../recipe.ts';
import { launcherArgv, launcherEnv } from './launcher.ts';
import { pathsIn, progressFile, settingsFile } from './places.ts';
import type { Place, PlanTrainer } from './plan.ts';
import { settingsText } from './settings-text.ts';
import { deepspeedSetting, shardingFiles } from './sharding.ts';
import { isEvaluated, weightsPrecision } from './shared-settings.ts';

/** axolotl, with the settings of `axolotl train`. */
export const planAxolotl: PlanTrainer = (recipe, dataset, place) => {
  if (!recipe.assistant_only_loss)
    throw new UsageError(
      'axolotl’s datasets are made for a loss on the assistant’s turns: leave assistant_only_loss true, or train by another trainer',
    );
  // Where others load single precision, it loads what it computes in, and none of its FSDP2 makes a copy.
  if (recipe.precision === 'bf16' && weightsPrecision(recipe) === 'float32')
    throw new UsageError(
      `axolotl, training all weights in bf16 with sharding ${recipe.sharding}, has no copy of them in single precision, and small updates would be lost: --set sharding=zero3, or 'method={ kind: lora }', or precision=fp32, or train by another trainer`,
    );
  const { checkpoints } = pathsIn(place.out);
  const settings = {
    base_model: place.model.source,
    ...(recipe.revision === undefined ? {} : { revision_of_model: recipe.revision }),
    ...data(recipe, dataset, place),
    ...method(recipe),
    ...training(recipe, dataset, place),
    ...speed(recipe),
    ...deepspeedSetting(recipe, place),
  };
  return {
    trainer: 'axolotl',
    files: [
      { path: settingsFile('axolotl.yaml'), text: settingsText(settings) },
      ...shardingFiles('axolotl', recipe),
    ],
    argv: launcherArgv('axolotl', recipe, place),
    // It reports its use to a server otherwise.
    env: { ...launcherEnv(recipe, place), AXOLOTL_DO_NOT_TRACK: '1' },
    progress: progressFile('axolotl', place.out),
    checkpoints,
    result: { folder: checkpoints, isLastCheckpoint: false },
  };
};

function data(recipe: Recipe, dataset: Dataset, { out }: Place) {
  return {
    datasets: dataset.entries.train,
    ...(isEvaluated(recipe, dataset) ? { test_datasets: dataset.entries.validation } : {}),
    dataset_prepared_path: pathsIn(out).prepared,
    chat_template: 'tokenizer_default',
    sequence_len: recipe.max_length,
    sample_packing: recipe.packing,
    eval_sample_packing: false,
    pad_to_sequence_len: recipe.packing,
  };
}

function method({ method: of }: Recipe) {
  if (of.kind === 'full') return {};
  return {
    adapter: 'lora',
    lora_r: of.r,
    lora_alpha: of.alpha,
    lora_dropout: of.dropout,
    ...(of.targets === 'all-linear'
      ? { lora_target_linear: true }
      : { lora_target_modules: of.targets }),
  };
}

function training(recipe: Recipe, dataset: Dataset, place: Place) {
  const { eval_steps } = recipe;
  return {
    output_dir: pathsIn(place.out).checkpoints,
    ...(recipe.epochs === undefined
      ? { max_steps: recipe.max_steps }
      : { num_epochs: recipe.epochs }),
    micro_batch_size: recipe.micro_batch,
    eval_batch_size: recipe.micro_batch,
    gradient_accumulation_steps: accumulation(recipe),
    optimizer: 'adamw_torch_fused',
    learning_rate: recipe.learning_rate,
    lr_scheduler: recipe.scheduler,
    warmup_ratio: recipe.warmup_ratio,
    weight_decay: recipe.weight_decay,
    max_grad_norm: recipe.max_grad_norm,
    seed: recipe.seed,
    logging_steps: recipe.logging_steps,
    save_strategy: 'steps',
    save_steps: recipe.save_steps,
    save_total_limit: recipe.keep_checkpoints,
    ...(isEvaluated(recipe, dataset)
      ? { eval_strategy: 'steps', eval_steps }
      : { eval_strategy: 'no' }),
    ...(recipe.device === 'cpu' ? { use_cpu: true } : {}),
    ...(place.resumeFrom === null ? {} : { resume_from_checkpoint: place.resumeFrom }),
  };
}

function speed(recipe: Recipe) {
  const liger = {
    plugins: ['axolotl.integrations.liger.LigerPlugin'],
    liger_fused_linear_cross_entropy: true,
  };
  return {
    bf16: recipe.precision === 'bf16',
    fp16: false,
    tf32: false,
    attn_implementation: recipe.attention,
    gradient_checkpointing: recipe.activation_checkpointing && recipe.sharding !== 'fsdp2',
    ...(recipe.fused_loss ? liger : {}),
    ...(recipe.sharding === 'fsdp2' ? fsdp2(recipe) : {}),
  };
}

function fsdp2({ activation_checkpointing }: Recipe) {
  return {
    fsdp_version: 2,
    fsdp_config: {
      auto_wrap_policy: 'TRANSFORMER_BASED_WRAP',
      reshard_after_forward: true,
      offload_params: false,
      cpu_ram_efficient_loading: true,
      state_dict_type: 'FULL_STATE_DICT',
      activation_checkpointing,
    },
  };
}
