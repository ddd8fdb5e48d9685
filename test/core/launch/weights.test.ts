import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inspectWeights, requireWholeWeights } from '../../../core/launch/weights.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { safetensors } from './safetensors.ts';

describe('weights', () => {
  it('are whole when each file is as long as its header says', async () => {
    const folder = await temporaryFolder();
    const file = safetensors(100);
    await writeFile(join(folder, 'model.safetensors'), file);
    expect(await inspectWeights(folder)).toEqual({ bytes: file.length, problem: null });
  });

  it.each([
    [
      'in the middle of its tensors',
      50,
      /model.safetensors has \d+ bytes, and its header speaks of \d+/,
    ],
    ['in its header', 120, /model.safetensors \(\d+ bytes\) has no whole header/],
    ['at once', 1000, /model.safetensors \(0 bytes\) has no whole header/],
  ])('are torn when a file was cut off %s', async (_where, missing, problem) => {
    const folder = await temporaryFolder();
    const file = safetensors(100);
    const path = join(folder, 'model.safetensors');
    await writeFile(path, file);
    await truncate(path, Math.max(0, file.length - missing));
    expect((await inspectWeights(folder)).problem).toMatch(problem);
    await expect(requireWholeWeights(folder)).rejects.toThrow(/take an earlier checkpoint/);
  });

  it('are torn when a shard is missing', async () => {
    const folder = await temporaryFolder();
    const index = { weight_map: { a: 'model-1.safetensors', b: 'model-2.safetensors' } };
    await writeFile(join(folder, 'model.safetensors.index.json'), JSON.stringify(index));
    await writeFile(join(folder, 'model-1.safetensors'), safetensors(10));
    expect((await inspectWeights(folder)).problem).toBe('model-2.safetensors is missing');
    await writeFile(join(folder, 'model-2.safetensors'), safetensors(20));
    expect((await inspectWeights(folder)).problem).toBeNull();
    await writeFile(join(folder, 'model.safetensors.index.json'), '{"weight_map": {');
    expect((await inspectWeights(folder)).problem).toMatch(/is not a list of shards/);
  });

  it('are torn when a part is missing before the index was written', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'model-00001-of-00002.safetensors'), safetensors(10));
    const missing = 'model-00002-of-00002.safetensors';
    expect((await inspectWeights(folder)).problem).toBe(`${missing} is missing`);
    await writeFile(join(folder, missing), safetensors(20));
    expect((await inspectWeights(folder)).problem).toBeNull();
  });

  it('that are not there are missed', async () => {
    expect((await inspectWeights(await temporaryFolder())).problem).toMatch(/holds no weights/);
  });
});
