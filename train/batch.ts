import { UsageError } from '../core/errors.ts';
import type { Recipe } from './recipe.ts';

/**
 * How often gradients are added up before a step, so that a step sees the recipe's batch.
 * @throws UsageError with the arithmetic when the batch does not divide
 */
export function accumulation(
  recipe: Pick<Recipe, 'nodes' | 'gpus' | 'micro_batch' | 'batch_size'>,
): number {
  const { nodes, gpus, micro_batch, batch_size } = recipe;
  const atOnce = nodes * gpus * micro_batch;
  if (batch_size % atOnce === 0) return batch_size / atOnce;
  throw new UsageError(
    `batch_size ${batch_size} cannot be made of ${arithmetic(recipe)} = ${atOnce} rows at a time: ${batch_size} / ${atOnce} is ${(batch_size / atOnce).toFixed(2)}; ${advice(recipe)}`,
  );
}

/** The batch as the trainer makes it. */
export function batchArithmetic(
  recipe: Pick<Recipe, 'nodes' | 'gpus' | 'micro_batch' | 'batch_size'>,
): string {
  return `${arithmetic(recipe)} x ${accumulation(recipe)} accumulated = ${recipe.batch_size} rows a step`;
}

function arithmetic({
  nodes,
  gpus,
  micro_batch,
}: Pick<Recipe, 'nodes' | 'gpus' | 'micro_batch'>): string {
  return `${nodes} node${nodes === 1 ? '' : 's'} x ${gpus} process${gpus === 1 ? '' : 'es'} x micro_batch ${micro_batch}`;
}

function advice({
  nodes,
  gpus,
  micro_batch,
  batch_size,
}: Pick<Recipe, 'nodes' | 'gpus' | 'micro_batch' | 'batch_size'>): string {
  const fitting = Array.from({ length: gpus }, (_, less) => gpus - less).find(
    (fewer) => batch_size % (nodes * fewer * micro_batch) === 0,
  );
  const fewer = fitting === undefined ? '' : `take --gpus ${fitting}, or `;
  const atOnce = nodes * gpus * micro_batch;
  const near = Math.max(1, Math.round(batch_size / atOnce)) * atOnce;
  return `${fewer}--set batch_size=${near}, or another micro_batch`;
}
