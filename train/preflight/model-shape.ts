import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Recipe } from '../recipe.ts';
import type { Place } from '../trainers/plan.ts';

/** The measures of a decoder that decide what it takes to train it. */
export interface ModelShape {
  hidden: number;
  intermediate: number;
  layers: number;
  heads: number;
  keyValueHeads: number;
  headDim: number;
  vocabulary: number;
  /** Whether the output layer is the embedding. */
  tied: boolean;
}

/** From the model's config.json, or of the models whose measures are known; null for others. */
export async function readModelShape(
  recipe: Recipe,
  model: Place['model'],
): Promise<ModelShape | null> {
  if (typeof recipe.model !== 'string') return MADE[recipe.model.made_by];
  if (!model.isFolder) return knownShape(model.source);
  const text = await readFile(join(model.source, 'config.json'), 'utf8');
  const parsed = Config.safeParse(jsonOrNull(text));
  if (!parsed.success) return null;
  const config = parsed.data;
  return {
    hidden: config.hidden_size,
    intermediate: config.intermediate_size,
    layers: config.num_hidden_layers,
    heads: config.num_attention_heads,
    keyValueHeads: config.num_key_value_heads ?? config.num_attention_heads,
    headDim: config.head_dim ?? config.hidden_size / config.num_attention_heads,
    vocabulary: config.vocab_size,
    tied: config.tie_word_embeddings,
  };
}

/** Of a model by its name on the hub, or of one that is made here. */
export function knownShape(name: string): ModelShape | null {
  const shapes: Record<string, ModelShape> = { ...KNOWN, ...MADE };
  return shapes[name] ?? null;
}

/** The number of weights; norms are left out, some ten thousandths of it. */
export function weightCount(shape: ModelShape): number {
  const { vocabulary, hidden, layers, tied } = shape;
  return vocabulary * hidden * (tied ? 1 : 2) + layers * linearSizes(shape).reduce(sumOf, 0);
}

/** The weights of LoRA matrices of rank r beside all linear layers. */
export function adapterCount(shape: ModelShape, r: number): number {
  const sides = linearLayers(shape).map(([into, out]) => r * (into + out));
  return shape.layers * sides.reduce((sum, size) => sum + size, 0);
}

const Config = z.object({
  hidden_size: z.number(),
  intermediate_size: z.number(),
  num_hidden_layers: z.number(),
  num_attention_heads: z.number(),
  num_key_value_heads: z.number().optional(),
  head_dim: z.number().nullish(),
  vocab_size: z.number(),
  tie_word_embeddings: z.boolean().default(false),
});

function qwen3(
  hidden: number,
  intermediate: number,
  layers: number,
  heads: number,
  tied: boolean,
): ModelShape {
  return {
    hidden,
    intermediate,
    layers,
    heads,
    keyValueHeads: 8,
    headDim: 128,
    vocabulary: 151_936,
    tied,
  };
}

/** Of the config.json that each has on the hub. */
const KNOWN: Record<string, ModelShape> = {
  'Qwen/Qwen3-0.6B': qwen3(1024, 3072, 28, 16, true),
  'Qwen/Qwen3-1.7B': qwen3(2048, 6144, 28, 16, true),
  'Qwen/Qwen3-4B': qwen3(2560, 9728, 36, 32, true),
  'Qwen/Qwen3-8B': qwen3(4096, 12_288, 36, 32, false),
  'Qwen/Qwen3-14B': qwen3(5120, 17_408, 40, 40, false),
  'Qwen/Qwen3-32B': qwen3(5120, 25_600, 64, 64, false),
};

const MADE = {
  tiny_qwen3: {
    hidden: 64,
    intermediate: 128,
    layers: 2,
    heads: 4,
    keyValueHeads: 2,
    headDim: 16,
    vocabulary: 700,
    tied: false,
  },
  smollm2_135m: {
    hidden: 576,
    intermediate: 1536,
    layers: 30,
    heads: 9,
    keyValueHeads: 3,
    headDim: 64,
    vocabulary: 49_152,
    tied: true,
  },
};

/** Inputs and outputs of a layer's matrices: q, k, v, o, gate, up, down. */
function linearLayers(shape: ModelShape): [number, number][] {
  const { hidden, intermediate, heads, keyValueHeads, headDim } = shape;
  return [
    [hidden, heads * headDim],
    [hidden, keyValueHeads * headDim],
    [hidden, keyValueHeads * headDim],
    [heads * headDim, hidden],
    [hidden, intermediate],
    [hidden, intermediate],
    [intermediate, hidden],
  ];
}

function linearSizes(shape: ModelShape): number[] {
  return linearLayers(shape).map(([into, out]) => into * out);
}

const sumOf = (sum: number, size: number): number => sum + size;

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
