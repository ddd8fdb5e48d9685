import { join } from 'node:path';
import type { Recipe, TrainerName } from '../recipe.ts';
import { settingsFile } from './places.ts';
import type { Place, TrainerFile } from './plan.ts';
import { settingsText } from './settings-text.ts';

const ZERO3 = 'zero3.json';
export const ACCELERATE_FSDP2 = 'fsdp2.yaml';

/** The files by which weights, gradients and optimiser are shared among GPUs. */
export function shardingFiles(trainer: TrainerName, recipe: Recipe): TrainerFile[] {
  if (recipe.sharding === 'zero3')
    return [{ path: settingsFile(ZERO3), text: `${JSON.stringify(zero3, null, 2)}\n` }];
  const needsFile = trainer === 'trl' || trainer === 'llamafactory';
  if (recipe.sharding === 'fsdp2' && needsFile)
    return [{ path: settingsFile(ACCELERATE_FSDP2), text: settingsText(fsdp2(recipe)) }];
  return [];
}

/** The setting that names DeepSpeed's file; the same in all four trainers. */
export function deepspeedSetting(recipe: Recipe, { out }: Place): { deepspeed?: string } {
  return recipe.sharding === 'zero3' ? { deepspeed: join(out, settingsFile(ZERO3)) } : {};
}

/** DeepSpeed's ZeRO stage 3; `auto` is filled in from the trainer's own settings. */
const zero3 = {
  bf16: { enabled: 'auto' },
  zero_optimization: {
    stage: 3,
    overlap_comm: true,
    contiguous_gradients: true,
    reduce_bucket_size: 'auto',
    stage3_prefetch_bucket_size: 'auto',
    stage3_param_persistence_threshold: 'auto',
    // Without it a checkpoint holds shards that no server reads.
    stage3_gather_16bit_weights_on_model_save: true,
  },
  train_batch_size: 'auto',
  train_micro_batch_size_per_gpu: 'auto',
  gradient_accumulation_steps: 'auto',
  gradient_clipping: 'auto',
};

function fsdp2({ precision, activation_checkpointing, nodes, gpus }: Recipe) {
  return {
    compute_environment: 'LOCAL_MACHINE',
    distributed_type: 'FSDP',
    mixed_precision: precision === 'bf16' ? 'bf16' : 'no',
    num_machines: nodes,
    num_processes: nodes * gpus,
    fsdp_config: {
      fsdp_version: 2,
      fsdp_auto_wrap_policy: 'TRANSFORMER_BASED_WRAP',
      fsdp_reshard_after_forward: true,
      fsdp_offload_params: false,
      fsdp_cpu_ram_efficient_loading: true,
      fsdp_state_dict_type: 'FULL_STATE_DICT',
      // FSDP's own: the trainer's would gather the weights once more.
      fsdp_activation_checkpointing: activation_checkpointing,
    },
  };
}
