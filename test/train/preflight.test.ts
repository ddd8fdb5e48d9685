import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../core/package-root.ts';
import { estimateHours, workOf } from '../../train/preflight/duration.ts';
import { estimateMemory, memoryLines } from '../../train/preflight/memory.ts';
import { adapterCount, readModelShape, weightCount } from '../../train/preflight/model-shape.ts';
import { KNOWN_TRAINERS } from '../../train/preflight/versions.ts';
import { readRecipe } from '../../train/read-recipe.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

const QWEN3_8B = { source: 'Qwen/Qwen3-8B', isFolder: false };

describe('the size of a model', () => {
  // As counted by transformers: Qwen3ForCausalLM(config).num_parameters(), norms included.
  test.each([
    ['Qwen/Qwen3-0.6B', 596_049_920],
    ['Qwen/Qwen3-8B', 8_190_735_360],
    ['Qwen/Qwen3-32B', 32_762_123_264],
  ])('%s has as many weights as it has', async (source, parameters) => {
    const { recipe } = await readRecipe('gem-qwen3-8b', [`model=${source}`]);
    const shape = await readModelShape(recipe, { source, isFolder: false });
    expect(shape && weightCount(shape) / parameters).toBeCloseTo(1, 3);
  });

  test('comes from config.json where the model is a folder', async () => {
    const { recipe } = await readRecipe('gem-qwen3-8b');
    const folder = await temporaryFolder();
    const config = {
      hidden_size: 8,
      intermediate_size: 16,
      num_hidden_layers: 1,
      num_attention_heads: 2,
      vocab_size: 100,
      tie_word_embeddings: true,
    };
    await writeFile(join(folder, 'config.json'), JSON.stringify(config));
    const shape = await readModelShape(recipe, { source: folder, isFolder: true });
    // 100 x 8, and one layer of 4 x 8 x 8 and 3 x 8 x 16.
    expect(shape && weightCount(shape)).toBe(800 + 256 + 384);
    // Each of 4 square matrices 2 x 8, each of 3 others 8 + 16, times the rank.
    expect(shape && adapterCount(shape, 2)).toBe(2 * (4 * 16 + 3 * 24));
  });

  test('is not made up for a model that is not known', async () => {
    const { recipe } = await readRecipe('gem-qwen3-8b', ['model=some/model']);
    expect(await readModelShape(recipe, { source: 'some/model', isFolder: false })).toBeNull();
  });
});

describe('the memory of a GPU', () => {
  test('of the paper at 8B, with its arithmetic', async () => {
    expect(await memory('synthesizer-qwen3-8b')).toMatchInlineSnapshot(`
      "memory of a GPU: 36.1 GB (estimated)
        weights         2.0 GB  8.19e9 x 2 bytes / 8 GPUs
        gradients       2.0 GB  8.19e9 x 2 bytes / 8 GPUs
        optimiser      12.3 GB  8.19e9 x 12 bytes / 8 GPUs
        activations    15.2 GB  36 layers x 32,768 tokens x 4096 x 2 bytes, and 5.5 GB of the layer at work
        logits          1.6 GB  1,024 tokens x 151,936 x 10 bytes, a piece at a time
        runtime         3.0 GB  CUDA, buffers of communication, fragments"
    `);
  });

  test('the paper at 8B fits 8 GPUs of 80 GB only with the fused loss', async () => {
    expect(await bytes('synthesizer-qwen3-8b')).toBeLessThan(80e9);
    expect(await bytes('synthesizer-qwen3-8b', ['fused_loss=false'])).toBeGreaterThan(80e9);
  });

  test.each([
    'synthesizer-qwen3-8b',
    'gem-qwen3-8b',
    'gem-qwen3-32b',
    'synthesizer-qwen3-8b-lora',
    'gem-qwen3-8b-lora',
  ])('%s fits GPUs of 80 GB', async (name) => {
    expect(await bytes(name)).toBeLessThan(80e9);
  });

  test('without sharding all weights, gradients and moments are on one', async () => {
    // 16 bytes a weight, whatever is split how.
    expect(await bytes('gem-qwen3-8b', ['sharding=none'])).toBeGreaterThan(16 * 8.19e9);
  });
});

describe('steps and hours', () => {
  const dataset = (rows: number, tokens: number) => ({ train: { rows, tokens } });

  test('two epochs of 10,000 rows in batches of 64 are 314 steps', async () => {
    const { recipe } = await readRecipe('gem-qwen3-8b');
    const work = workOf(recipe, dataset(10_000, 80_000_000));
    expect(work).toEqual({ steps: 314, tokens: 160_000_000 });
  });

  test('an unknown GPU gives no hours, a known one some', async () => {
    const { recipe } = await readRecipe('gem-qwen3-8b');
    const shape = await readModelShape(recipe, QWEN3_8B);
    if (shape === null) throw new Error('Qwen3-8B is known');
    const work = workOf(recipe, dataset(10_000, 80_000_000));
    expect(estimateHours(recipe, shape, work, { gpu: 'abacus' }).hours).toBeNull();
    // 160e6 tokens x 8 x 8.19e9 / (8 x 989e12 x 0.4) s.
    const { hours } = estimateHours(recipe, shape, work, { gpu: 'NVIDIA H100 80GB HBM3' });
    expect(hours).toBeCloseTo(0.92, 1);
  });
});

async function estimateOf(name: string, settings: readonly string[] = []) {
  const { recipe } = await readRecipe(name, settings);
  const source = typeof recipe.model === 'string' ? recipe.model : '';
  const shape = await readModelShape(recipe, { source, isFolder: false });
  if (shape === null) throw new Error(`${source} is not known`);
  return estimateMemory(recipe, shape, recipe.max_length);
}

async function memory(name: string): Promise<string> {
  return memoryLines(await estimateOf(name), 'GPU').join('\n');
}

async function bytes(name: string, settings: readonly string[] = []): Promise<number> {
  return (await estimateOf(name, settings)).bytes;
}

test('the versions that are known to work are those of docs/trainers.md and of the environments', async () => {
  const read = (...path: string[]) => readFile(join(packageRoot(), ...path), 'utf8');
  const docs = await read('docs', 'trainers.md');
  for (const [trainer, known] of Object.entries(KNOWN_TRAINERS)) {
    expect(docs).toMatch(new RegExp(`\\| ${known.version} \\| ${trainer} \\|`));
    const pins = await read('configs', 'python', `${trainer}.txt`);
    expect(pins.split('\n')).toContain(`${known.package}==${known.version}`);
  }
});
