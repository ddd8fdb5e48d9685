import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listCheckpoints } from '../../train/checkpoints.ts';
import { temporaryFolder } from '../helpers/temporary.ts';
import { ARCHIVE, weights, writeCheckpoint } from './trained-folder.ts';

/** DeepSpeed's optimiser, of the second of two processes as given. */
const zero3 = (second: string) => ({
  'optimizer.pt': null,
  'global_step8/bf16_zero_pp_rank_0_mp_rank_00_optim_states.pt': ARCHIVE,
  'global_step8/bf16_zero_pp_rank_1_mp_rank_00_optim_states.pt': second,
});

describe('a checkpoint', () => {
  test.each<[string, Record<string, string | null>, string | null]>([
    ['that is whole', {}, null],
    [
      'without the state of the training',
      { 'trainer_state.json': null },
      'trainer_state.json is missing or cut off',
    ],
    [
      'with half a state',
      { 'trainer_state.json': '{"global_st' },
      'trainer_state.json is missing or cut off',
    ],
    [
      'with the state of another',
      { 'trainer_state.json': '{"global_step": 3}' },
      'its trainer_state.json is that of step 3',
    ],
    ['without the optimiser', { 'optimizer.pt': null }, "the optimiser's state is missing"],
    ['without the schedule', { 'scheduler.pt': null }, 'scheduler.pt is missing'],
    [
      'with half an optimiser',
      { 'optimizer.pt': 'PK\u0003\u0004 and so on' },
      'optimizer.pt is cut off',
    ],
    ['whose optimiser is whole in parts', zero3(ARCHIVE), null],
    [
      'with half of one part of its optimiser',
      zero3(ARCHIVE.slice(0, 9)),
      'global_step8/bf16_zero_pp_rank_1_mp_rank_00_optim_states.pt is cut off',
    ],
    ['without weights', { 'model.safetensors': null }, 'it holds no weights (*.safetensors)'],
    [
      'with half its weights',
      { 'model.safetensors': weights().slice(0, -4) },
      'model.safetensors has',
    ],
  ])('%s', async (_, over, problem) => {
    const folder = await temporaryFolder();
    await writeCheckpoint(join(folder, 'checkpoint-8'), over);
    const [found] = await listCheckpoints(folder);
    expect(found?.step).toBe(8);
    if (problem === null) expect(found?.problem).toBeNull();
    else expect(found?.problem).toContain(problem);
  });

  test('is listed newest first, by number', async () => {
    const folder = await temporaryFolder();
    for (const step of [8, 100, 20])
      await writeCheckpoint(join(folder, `checkpoint-${step}`), {
        'trainer_state.json': `{"global_step": ${step}}`,
      });
    expect((await listCheckpoints(folder)).map(({ step }) => step)).toEqual([100, 20, 8]);
    expect(await listCheckpoints(join(folder, 'absent'))).toEqual([]);
  });
});
