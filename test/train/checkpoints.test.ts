import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listCheckpoints } from '../../train/checkpoints.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

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

async function writeCheckpoint(folder: string, over: Record<string, string | null>): Promise<void> {
  const archive = 'PK\u0003\u0004 content PK\u0005\u0006 and the end';
  const files: Record<string, string | null> = {
    'trainer_state.json': '{"global_step": 8}',
    'optimizer.pt': archive,
    'scheduler.pt': archive,
    'model.safetensors': weights(),
    ...over,
  };
  await mkdir(folder);
  for (const [name, text] of Object.entries(files))
    if (text !== null) await writeFile(join(folder, name), text, 'latin1');
}

/** The length of the header, the header, and the two numbers that it speaks of. */
function weights(): string {
  const header = '{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return `${length.toString('latin1')}${header}12345678`;
}
