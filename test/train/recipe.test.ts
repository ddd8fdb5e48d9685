import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { globSync } from 'tinyglobby';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../core/package-root.ts';
import { accumulation, batchArithmetic } from '../../train/batch.ts';
import { readRecipe } from '../../train/read-recipe.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

const SHIPPED = globSync('*.yaml', { cwd: join(packageRoot(), 'configs', 'recipes') });

describe('the shipped recipes', () => {
  test.each(SHIPPED)('%s is valid and its batch divides', async (file) => {
    const { recipe } = await readRecipe(file.replace(/\.yaml$/, ''));
    expect(accumulation(recipe)).toBeGreaterThanOrEqual(1);
  });

  test.each([
    ['synthesizer-qwen3-8b', 'Qwen/Qwen3-8B', 'synthesizer'],
    ['gem-qwen3-8b', 'Qwen/Qwen3-8B', 'agent'],
    ['gem-qwen3-32b', 'Qwen/Qwen3-32B', 'agent'],
  ])('%s has the hyper-parameters of the paper', async (name, model, task) => {
    const { recipe } = await readRecipe(name);
    expect(recipe).toMatchObject({
      model,
      task,
      trainer: 'llamafactory',
      method: { kind: 'full' },
      learning_rate: 5e-6,
      warmup_ratio: 0.1,
      scheduler: 'cosine',
      epochs: 2,
      batch_size: 64,
      max_length: 32_768,
      weight_decay: 0.05,
      precision: 'bf16',
      sharding: 'zero3',
    });
  });
});

describe('a recipe is refused', () => {
  test('with an unknown key, by its path, and the keys that are known', async () => {
    const file = await written('learning_rat: 1e-4\n');
    await expect(readRecipe(file)).rejects.toThrow(
      /line 8: unknown key "learning_rat"; known are .*learning_rate/,
    );
  });

  test('with an unknown key of its method', async () => {
    await expect(readRecipe(await written(), ['method.rank=8'])).rejects.toThrow(
      /method: unknown key "rank"; known are kind, r, alpha, dropout, targets/,
    );
  });

  test('when batch_size does not divide, with the arithmetic and a way out', () => {
    const recipe = { nodes: 2, gpus: 6, micro_batch: 1, batch_size: 64 };
    expect(() => accumulation(recipe)).toThrow(
      'batch_size 64 cannot be made of 2 nodes x 6 processes x micro_batch 1 = 12 rows at a time: 64 / 12 is 5.33; take --gpus 4, or --set batch_size=60, or another micro_batch',
    );
  });

  test.each([
    [['epochs=1'], /give epochs or max_steps, one: .* epochs 1 .* --set epochs=null/],
    [['max_steps=null'], /epochs: give epochs or max_steps, one/],
    [['max_step=null'], /unknown key "max_step"/],
    [['device=cpu'], /precision: it must be fp32 on a CPU/],
    [['packing=true'], /packing: it needs attention: flash_attention_2/],
    [['learning_rate=0'], /learning_rate: .*>0/],
    [['trainer=unsloth'], /trainer: .*trl/],
    [['learning_rate'], /--set learning_rate: it must be KEY=VALUE/],
    [['learning_rate.deep=1'], /--set learning_rate.deep=1: learning_rate.deep cannot be set/],
  ])('for --set %s', async (settings, message) => {
    await expect(readRecipe(await written(), settings)).rejects.toThrow(message);
  });

  test('when there is none of that name, with those that there are', async () => {
    await expect(readRecipe('nothing')).rejects.toThrow(/no such recipe; known are .*tiny-qwen3/);
  });
});

test('--set takes keys with dots and values in YAML, over what the file says', async () => {
  const { recipe } = await readRecipe(await written(), [
    'method.r=8',
    'method.targets=[q_proj, v_proj]',
    'learning_rate=3e-5',
    'description=of my own',
  ]);
  expect(recipe.method).toMatchObject({ kind: 'lora', r: 8, targets: ['q_proj', 'v_proj'] });
  expect(recipe).toMatchObject({ learning_rate: 3e-5, description: 'of my own' });
});

test('--set takes away by null what the file says, and what it does not say', async () => {
  const { recipe } = await readRecipe('gem-qwen3-8b', ['epochs=null', 'max_steps=5']);
  expect(recipe).toMatchObject({ max_steps: 5 });
  expect(recipe.epochs).toBeUndefined();
  const other = await readRecipe(await written(), ['epochs=null', 'revision=null']);
  expect(other.recipe).toMatchObject({ max_steps: 5 });
});

test('a batch that is accepted is the product that is shown', () => {
  const count = fc.integer({ min: 1, max: 64 });
  fc.assert(
    fc.property(count, count, count, count, (nodes, gpus, micro_batch, times) => {
      const recipe = { nodes, gpus, micro_batch, batch_size: nodes * gpus * micro_batch * times };
      expect(accumulation(recipe)).toBe(times);
      const product = batchArithmetic(recipe).match(/\d+/g)?.map(Number) ?? [];
      const all = product.slice(0, -1).reduce((so, far) => so * far, 1);
      expect(all).toBe(product.at(-1));
    }),
  );
});

const TEXT = `model: Qwen/Qwen3-0.6B
task: agent
method: { kind: lora }
trainer: trl
learning_rate: 1e-4
max_steps: 5
batch_size: 8
`;

async function written(more = 'max_length: 1024\n'): Promise<string> {
  const file = join(await temporaryFolder(), 'recipe.yaml');
  await writeFile(file, TEXT + more);
  return file;
}
