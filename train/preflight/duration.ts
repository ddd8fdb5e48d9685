import type { Dataset } from '../dataset.ts';
import type { Recipe } from '../recipe.ts';
import { peakFlops } from './gpu-speed.ts';
import { type ModelShape, weightCount } from './model-shape.ts';

/** How much there is to train. */
export interface Work {
  steps: number;
  /** Of all steps, all GPUs. */
  tokens: number;
}

/** Steps and tokens of a training, from the dataset's counts; rows are as long as they are on average. */
export function workOf(recipe: Recipe, { train }: Pick<Dataset, 'train'>): Work {
  const mean = train.tokens / train.rows;
  // Packed sequences are seldom quite full.
  const rows = recipe.packing ? Math.ceil(train.tokens / (0.97 * recipe.max_length)) : train.rows;
  const perRow = recipe.packing ? train.tokens / rows : mean;
  const steps = recipe.max_steps ?? Math.ceil(rows / recipe.batch_size) * (recipe.epochs ?? 1);
  const whole = Math.ceil(steps);
  const tokens =
    recipe.epochs === undefined ? whole * recipe.batch_size * perRow : train.tokens * recipe.epochs;
  return { steps: whole, tokens };
}

/** The share of a GPU's stated speed that fine-tuning reaches in practice. */
const REACHED = 0.4;
/** Of one core, measured with SmolLM2-135M on two. */
const CORE = 24e9;

/** The machine that will do the work. */
export type Machine = { gpu: string | null } | { cores: number };

/** Hours of a training, null where the GPU is not known, and how the estimate comes about. */
export function estimateHours(
  recipe: Recipe,
  shape: ModelShape,
  { tokens }: Work,
  machine: Machine,
): { hours: number | null; how: string } {
  const perToken = flopsPerToken(recipe, shape);
  const each = `${(perToken / 1e9).toPrecision(3)} GFLOP a token`;
  if ('cores' in machine) {
    const speed = machine.cores * CORE;
    return {
      hours: (tokens * perToken) / speed / 3600,
      how: `${each}, ${machine.cores} cores of ${CORE / 1e9} GFLOP/s`,
    };
  }
  const { gpu } = machine;
  const peak = peakFlops(gpu ?? '');
  if (peak === null)
    return { hours: null, how: `the speed of ${gpu ?? 'an unnamed GPU'} is not known here` };
  const count = recipe.gpus * recipe.nodes;
  return {
    hours: (tokens * perToken) / (count * peak * REACHED) / 3600,
    how: `${each}, ${count} x ${gpu} at ${REACHED * 100}% of ${peak / 1e12} TFLOP/s`,
  };
}

/** Forward 2 and backward 4 calculations a weight; adapters spare half of the backward, checkpointing repeats the forward. */
function flopsPerToken(recipe: Recipe, shape: ModelShape): number {
  const passes =
    2 + (recipe.method.kind === 'lora' ? 2 : 4) + (recipe.activation_checkpointing ? 2 : 0);
  return passes * weightCount(shape);
}
