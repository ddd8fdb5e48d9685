import { accumulation } from '../batch.ts';
import type { Dataset } from '../dataset.ts';
import type { Recipe } from '../recipe.ts';
import { pathsIn } from './places.ts';
import type { Place } from './plan.ts';

/** The settings that trainers have from transformers, under its names. */
export function transformersSettings(recipe: Recipe, dataset: Dataset, place: Place) {
  return {
    output_dir: pathsIn(place.out).checkpoints,
    ...(recipe.epochs === undefined
      ? { max_steps: recipe.max_steps }
      : { num_train_epochs: recipe.epochs }),
    per_device_train_batch_size: recipe.micro_batch,
    per_device_eval_batch_size: recipe.micro_batch,
    gradient_accumulation_steps: accumulation(recipe),
    learning_rate: recipe.learning_rate,
    lr_scheduler_type: recipe.scheduler,
    weight_decay: recipe.weight_decay,
    max_grad_norm: recipe.max_grad_norm,
    bf16: recipe.precision === 'bf16',
    // FSDP has its own.
    gradient_checkpointing: recipe.activation_checkpointing && recipe.sharding !== 'fsdp2',
    seed: recipe.seed,
    data_seed: recipe.seed,
    logging_steps: recipe.logging_steps,
    logging_first_step: true,
    save_strategy: 'steps',
    save_steps: recipe.save_steps,
    save_total_limit: recipe.keep_checkpoints,
    ...evaluation(recipe, dataset),
    ...(recipe.device === 'cpu' ? { use_cpu: true } : {}),
    ...(recipe.device === 'cpu' && recipe.gpus * recipe.nodes > 1 ? { ddp_backend: 'gloo' } : {}),
    ...(place.resumeFrom === null ? {} : { resume_from_checkpoint: place.resumeFrom }),
  };
}

/** Whether the loss on the validation split is measured. */
export function isEvaluated(recipe: Recipe, dataset: Dataset): boolean {
  return recipe.eval_steps !== null && dataset.validation !== null;
}

/**
 * The precision in which weights are loaded. Training in bfloat16 without a copy in single precision loses small
 * updates: DeepSpeed keeps one of its own, adapters are made in single precision, else the weights are that copy.
 */
export function weightsPrecision({ precision, method, sharding }: Recipe): 'bfloat16' | 'float32' {
  const hasCopy = method.kind === 'lora' || sharding === 'zero3';
  return precision === 'bf16' && hasCopy ? 'bfloat16' : 'float32';
}

function evaluation(recipe: Recipe, dataset: Dataset) {
  if (recipe.eval_steps === null || !isEvaluated(recipe, dataset)) return { eval_strategy: 'no' };
  return { eval_strategy: 'steps', eval_steps: recipe.eval_steps };
}
