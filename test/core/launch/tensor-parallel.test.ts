import { expect, it } from 'vitest';
import { readServedModel } from '../../../core/launch/served-model.ts';
import { chooseTensorParallel } from '../../../core/launch/tensor-parallel.ts';

it.each([
  ['Qwen/Qwen3-8B', 80, 1],
  ['Qwen/Qwen3-8B', 24, 1],
  ['Qwen/Qwen3-8B', 16, 2],
  ['Qwen/Qwen3-32B', 141, 1],
  ['Qwen/Qwen3-32B', 80, 2],
  ['Qwen/Qwen3-32B', 40, 4],
])('%s on GPUs of %d GB is split over %d', async (name, gigabytes, wanted) => {
  const model = await readServedModel(name);
  expect(chooseTensorParallel(model, gigabytes, 8, undefined).tensorParallel).toBe(wanted);
});

it('more GPUs than there are, or a number that does not divide the heads, is refused', async () => {
  const model = await readServedModel('Qwen/Qwen3-32B');
  expect(() => chooseTensorParallel(model, 80, 1, undefined)).toThrow(
    'weights of 64.0 GB on GPUs of 80 GB, of which 70% may hold weights, so on 2 GPUs, and there is 1',
  );
  expect(() => chooseTensorParallel(model, 80, 2, 4)).toThrow(
    '--tensor-parallel 4 wants 4 GPUs, and there are 2',
  );
  expect(() => chooseTensorParallel(model, 80, 8, 3)).toThrow(/does not divide the model's 8/);
  expect(chooseTensorParallel(model, 80, null, 4)).toEqual({ tensorParallel: 4, why: null });
});
