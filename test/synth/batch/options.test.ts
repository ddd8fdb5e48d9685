import { describe, expect, it } from 'vitest';
import yargs from 'yargs';
import { batchOptions, batchSettings } from '../../../synth/batch/batch-options.ts';
import { shardOptions } from '../../../synth/shards/options.ts';

/** What `synth` makes of its flags. */
async function settingsOf(flags: string) {
  const options = batchOptions(shardOptions(yargs(flags.split(' '))))
    .option('input', { type: 'string', array: true, default: ['corpus.jsonl'] })
    .option('offline', { type: 'boolean', default: false })
    .option('json', { type: 'boolean', default: false });
  return batchSettings(await options.parseAsync(), 'runs/big');
}

describe('the flags of a run in batches', () => {
  it.each([
    ['--shards 4', /^--shards and --at-once divide a live run/],
    ['--shards 4 --offline', /^--shards and --at-once divide a live run/],
    ['--at-once 2 --batch-with vllm', /^--shards and --at-once divide a live run/],
    ['--cluster mine', /^--cluster is for --batch-with vllm/],
    ['--gpus 2', /^--gpus is for --batch-with vllm/],
    ['--gpus 2 --offline', /^--gpus is for --batch-with vllm/],
    ['--cluster mine --batch-with vllm', /^--cluster is for --on slurm/],
  ])('do not take %s, which would do nothing', async (flags, message) => {
    await expect(settingsOf(`--mode batch ${flags}`)).rejects.toThrow(message);
  });

  it('are enough as they are', async () => {
    expect(await settingsOf('--mode batch')).toMatchObject({ cancel: false, busyS: 300 });
    expect(await settingsOf('--mode live')).toBeUndefined();
  });
});
