import { describe, expect, test } from 'vitest';
import { runCommand } from '../helpers/command.ts';

const TRAIN = ['train', '--recipe', 'tiny-qwen3', '--data', 'nowhere', '--out', 'out'];

describe('a flag is refused by its name', () => {
  test.each<[string, string[], string]>([
    [
      'for one value, given twice',
      [...TRAIN, '--on', 'local', '--on=slurm'],
      '--on is given more than once (local, slurm); it takes one value',
    ],
    [
      'for a number, given twice',
      ['serve', 'x/y', '--with', 'vllm', '--port', '1', '--port', '2'],
      '--port is given more than once (1, 2); it takes one value',
    ],
    ['whose number is none', [...TRAIN, '--gpus', 'all'], '--gpus: it must be a number'],
    ['whose value is missing', [...TRAIN, '--cluster'], '--cluster needs a value'],
  ])('%s', async (_, args, message) => {
    const { stderr, exitCode } = await runCommand(args);
    expect(stderr).toBe(`gem-traj: ${message}\n`);
    expect(exitCode).toBe(1);
  });

  test('and one for several values may be given as often as wanted', async () => {
    const { stderr } = await runCommand([
      ...TRAIN,
      '--set',
      'seed=1',
      '--set',
      'seed=2',
      '--json',
      '--json',
    ]);
    expect(stderr).toMatch(/--data nowhere: there is no such folder/);
  });
});
