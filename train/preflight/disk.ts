import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Recipe } from '../recipe.ts';
import { weightsPrecision } from '../trainers/shared-settings.ts';
import { type Finding, finding, gigabytes } from './finding.ts';
import { adapterCount, type ModelShape, weightCount } from './model-shape.ts';

/** Whether the disk holds the checkpoints that are kept, one more while it is written, and the result. */
export async function checkDisk(recipe: Recipe, shape: ModelShape, out: string): Promise<Finding> {
  const { checkpoint, result, how } = sizes(recipe, shape);
  const needed = checkpoint * (recipe.keep_checkpoints + 1) + result;
  const free = await freeBytes(out);
  const line = `disk: ${gigabytes(needed)} = ${recipe.keep_checkpoints + 1} checkpoints x ${gigabytes(checkpoint)} (${how}) + ${gigabytes(result)} result; ${gigabytes(free)} free`;
  if (free >= needed) return finding({ lines: [line] });
  return finding({
    lines: [line],
    problems: [
      `${gigabytes(needed)} of disk are needed at ${out}, and ${gigabytes(free)} are free: take another --out, or --set keep_checkpoints=1`,
    ],
  });
}

function sizes(recipe: Recipe, shape: ModelShape) {
  if (recipe.method.kind === 'lora') {
    const adapter = adapterCount(shape, recipe.method.r) * 4;
    return { checkpoint: adapter * 3, result: adapter, how: 'adapter and optimiser' };
  }
  const weights = weightCount(shape);
  const width = weightsPrecision(recipe) === 'bfloat16' ? 2 : 4;
  // DeepSpeed's optimiser saves its copy of the weights too.
  const optimiser = width === 2 ? 12 : 8;
  return {
    checkpoint: weights * (width + optimiser),
    result: weights * width,
    how: 'weights and optimiser',
  };
}

async function freeBytes(out: string): Promise<number> {
  let folder = resolve(out);
  while (!existsSync(folder)) folder = dirname(folder);
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
