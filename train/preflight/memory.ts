import type { Recipe } from '../recipe.ts';
import { weightsPrecision } from '../trainers/shared-settings.ts';
import { gigabytes } from './finding.ts';
import { adapterCount, type ModelShape, weightCount } from './model-shape.ts';

/** The memory that one GPU needs, in bytes, and how it comes about. */
export interface MemoryEstimate {
  bytes: number;
  parts: { name: string; bytes: number; how: string }[];
}

/**
 * Estimates the memory of one GPU (or, on a CPU, of one process): weights, gradients, the optimiser's state and
 * activations by their sizes, and what the runtime takes besides.
 * @param rowTokens tokens of the longest row, or of a packed sequence
 */
export function estimateMemory(
  recipe: Recipe,
  shape: ModelShape,
  rowTokens: number,
): MemoryEstimate {
  const parts = [
    ...stateParts(recipe, shape),
    activations(recipe, shape, rowTokens),
    logits(recipe, shape, rowTokens),
    recipe.device === 'cpu'
      ? { name: 'runtime', bytes: 0.8e9, how: 'Python and torch' }
      : { name: 'runtime', bytes: 3e9, how: 'CUDA, buffers of communication, fragments' },
  ];
  return { parts, bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** The estimate for people, a line a part. */
export function memoryLines({ parts, bytes }: MemoryEstimate, of: string): string[] {
  const width = Math.max(...parts.map(({ name }) => name.length));
  return [
    `memory of a ${of}: ${gigabytes(bytes)} (estimated)`,
    ...parts.map(
      ({ name, bytes: size, how }) =>
        `  ${name.padEnd(width)}  ${gigabytes(size).padStart(9)}  ${how}`,
    ),
  ];
}

/** Weights, gradients and optimiser: what sharding divides among GPUs. */
function stateParts(recipe: Recipe, shape: ModelShape): MemoryEstimate['parts'] {
  const weights = weightCount(shape);
  const shards = recipe.sharding === 'none' ? 1 : recipe.gpus * recipe.nodes;
  const width = weightsPrecision(recipe) === 'bfloat16' ? 2 : 4;
  const { method } = recipe;
  const trained = method.kind === 'lora' ? adapterCount(shape, method.r) : weights;
  const hasOwnCopy = method.kind === 'full' && width === 2;
  // Adam's two moments in single precision, with DeepSpeed its copy of the weights too.
  const optimiser = hasOwnCopy ? 12 : 8;
  const gradients = method.kind === 'lora' ? 4 : width;
  const part = (name: string, count: number, bytes: number) => ({
    name,
    bytes: (count * bytes) / shards,
    how: `${billions(count)} x ${bytes} bytes${shards === 1 ? '' : ` / ${shards} GPUs`}`,
  });
  return [
    part('weights', weights, width),
    ...(method.kind === 'lora' ? [part('adapter', trained, 4)] : []),
    part('gradients', trained, gradients),
    part('optimiser', trained, optimiser),
  ];
}

function activations(
  recipe: Recipe,
  shape: ModelShape,
  rowTokens: number,
): MemoryEstimate['parts'][number] {
  const { hidden, intermediate, layers, heads, keyValueHeads, headDim } = shape;
  const tokens = recipe.micro_batch * rowTokens;
  const width = recipe.precision === 'bf16' ? 2 : 4;
  // What a layer keeps for its backward pass: norms' and matrices' inputs, the parts of attention and of the MLP.
  const attention = recipe.attention === 'eager' ? 2 * heads * rowTokens : 0;
  const kept = 6 * hidden + 2 * (heads + keyValueHeads) * headDim + 4 * intermediate + attention;
  const layer = tokens * kept * width;
  const rows = `${tokens.toLocaleString('en-US')} tokens`;
  if (!recipe.activation_checkpointing)
    return {
      name: 'activations',
      bytes: layers * layer,
      how: `${layers} layers x ${rows} x ${kept.toLocaleString('en-US')} x ${width} bytes`,
    };
  return {
    name: 'activations',
    bytes: layers * tokens * hidden * width + layer,
    how: `${layers} layers x ${rows} x ${hidden} x ${width} bytes, and ${gigabytes(layer)} of the layer at work`,
  };
}

function logits(
  recipe: Recipe,
  { vocabulary }: ModelShape,
  rowTokens: number,
): MemoryEstimate['parts'][number] {
  const isChunked = recipe.fused_loss || recipe.trainer === 'trl';
  const tokens = isChunked ? 1024 : recipe.micro_batch * rowTokens;
  // In the model's precision, in single precision, and their gradient.
  const width = (recipe.precision === 'bf16' ? 2 : 4) + 8;
  return {
    name: 'logits',
    bytes: tokens * vocabulary * width,
    how: `${tokens.toLocaleString('en-US')} tokens x ${vocabulary.toLocaleString('en-US')} x ${width} bytes${isChunked ? ', a piece at a time' : ''}`,
  };
}

function billions(count: number): string {
  return count >= 1e8 ? `${(count / 1e9).toFixed(2)}e9` : `${(count / 1e6).toFixed(2)}e6`;
}
