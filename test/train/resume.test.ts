import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Dataset } from '../../train/dataset.ts';
import { readRecipe } from '../../train/read-recipe.ts';
import { readResume } from '../../train/resume.ts';
import { temporaryFolder } from '../helpers/temporary.ts';
import { writeCheckpoint, writeTraining } from './trained-folder.ts';

const GPU = ['device=gpu', 'precision=bf16', 'batch_size=16'];
const ZERO3 = [...GPU, 'sharding=zero3', 'nodes=2', 'gpus=4'];

describe('how the optimiser was saved', () => {
  test.each([
    [ZERO3, ['sharding=none'], /sharding was zero3 and is none.* --set sharding=zero3/],
    [GPU, ['sharding=zero3'], /sharding was none and is zero3.* --set sharding=none/],
    [ZERO3, ['gpus=2'], /for 2 x 4 GPUs .* to be 2 x 2: take as many as before/],
  ])('%j cannot go on with %j', async (before, over, message) => {
    await expect(resumed(before, [...before, ...over])).rejects.toThrow(message);
  });

  test.each([
    ['as many GPUs on other nodes', ZERO3, ['nodes=1', 'gpus=8']],
    ['more GPUs, each with the whole state', GPU, ['gpus=2']],
  ])('allows %s', async (_, before, over) => {
    const { checkpoint } = await resumed(before, [...before, ...over]);
    expect(checkpoint?.step).toBe(8);
  });

  test('does not matter where nothing whole was saved', async () => {
    const torn = { 'optimizer.pt': null };
    const { checkpoint, notes } = await resumed(ZERO3, GPU, torn);
    expect(checkpoint).toBeNull();
    expect(notes.at(-1)).toContain('it starts from the beginning');
  });
});

/** A training of one recipe that stopped after 8 steps, gone on with by another. */
async function resumed(
  before: readonly string[],
  now: readonly string[],
  over: Record<string, string | null> = {},
) {
  const out = await temporaryFolder();
  const steps = { done: 8, all: 12 };
  await writeTraining(out, before, { state: 'stopped', steps });
  await writeCheckpoint(join(out, 'checkpoints', 'checkpoint-8'), over);
  const { recipe } = await readRecipe('tiny-qwen3', now);
  const dataset: Dataset = {
    folder: '/data',
    name: 'small',
    task: recipe.task,
    sha256: '0',
    offline: false,
    train: { rows: 16, tokens: 960 },
    validation: null,
    longest: 70,
    tokenizer: 'qwen3',
    names: { train: 'small', validation: null },
    entries: { train: [], validation: [] },
  };
  return readResume(out, true, recipe, dataset);
}
