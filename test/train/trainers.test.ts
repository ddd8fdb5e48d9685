import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, test } from 'vitest';
import { inspectWeights } from '../../core/launch/weights.ts';
import { listCheckpoints } from '../../train/checkpoints.ts';
import { sharedFolder, temporaryFolder } from '../helpers/temporary.ts';
import { writeSmallDataset } from './small-dataset.ts';
import {
  installTrainer,
  leftIn,
  makeTinyModel,
  startTrain,
  train,
  untilStep,
  upTo,
} from './train-command.ts';
import { writeCheckpoint } from './trained-folder.ts';

// Downloads an environment on a fresh machine.
const INSTALL_MS = 900_000;
const STEPS = 40;

let synthesizer: string;
let agent: string;
let model: string;

beforeAll(async () => {
  const folder = await sharedFolder();
  [synthesizer, agent] = [join(folder, 'synthesizer'), join(folder, 'agent')];
  model = join(folder, 'tiny');
  await installTrainer('trl');
  await makeTinyModel(model);
  await writeSmallDataset(synthesizer, 'synthesizer');
  await writeSmallDataset(agent, 'agent');
}, INSTALL_MS);

/** One training of each, with real trainers and a tiny model: interrupted, resumed, finished. */
describe('a training is interrupted, saves, and goes on', { timeout: 600_000 }, () => {
  test.each([
    ['trl', 'synthesizer', 1],
    ['trl', 'agent', 2],
    ['llamafactory', 'agent', 1],
    ['swift', 'synthesizer', 1],
  ] as const)(
    'by %s, %s, %i processes',
    async (trainer, task, processes) => {
      await installTrainer(trainer);
      const out = join(await temporaryFolder(), 'out');
      const flags = [
        ...['--recipe', 'tiny-qwen3', '--out', out, '--trainer', trainer],
        ...['--data', task === 'agent' ? agent : synthesizer, '--gpus', String(processes)],
        ...['--set', `model=${model}`, `max_steps=${STEPS}`, `task=${task}`, 'save_steps=1000'],
      ];
      const first = startTrain(flags);
      await untilStep(first, 2);
      first.kill('SIGINT');
      const stopped = await first.finished;
      expect(stopped.exitCode).toBe(130);
      expect(stopped.stdout).toMatch(/^stopped after \d+ of 40 steps/);
      const between = await leftIn(out);
      expect(between.manifest).toMatchObject({ state: 'stopped', result: null });
      const [newest] = await listCheckpoints(join(out, 'checkpoints'));
      expect(newest).toMatchObject({ step: between.manifest.steps.done, problem: null });

      const second = await train([...flags, '--resume']);
      expect(second.stderr).toContain(`going on from step ${newest?.step} (${newest?.folder})`);
      expect(second.stdout).toMatch(/^finished after 40 of 40 steps/);
      const { manifest, steps, losses } = await leftIn(out);
      expect(steps).toEqual(upTo(STEPS));
      expect(losses.at(-1)).toBeLessThan(0.6 * (losses[0] ?? 0));
      expect(manifest).toMatchObject({
        state: 'finished',
        trainer,
        starts: [{ outcome: 'stopped' }, { outcome: 'finished', from_step: newest?.step }],
        versions: { torch: expect.any(String), transformers: expect.any(String) },
      });
      const { problem } = await inspectWeights(manifest.result ?? '');
      expect(problem).toBeNull();
      expect(await readFile(join(out, 'loss.svg'), 'utf8')).toContain('<polyline');
    },
    INSTALL_MS,
  );
});

test(
  'a torn checkpoint is passed over; a trainer that crashes is quoted',
  async () => {
    const out = join(await temporaryFolder(), 'out');
    const flags = ['--recipe', 'tiny-qwen3', '--out', out, '--data', synthesizer];
    const settings = [
      '--set',
      `model=${model}`,
      'max_steps=40',
      'save_steps=2',
      'keep_checkpoints=3',
      'eval_steps=5',
    ];
    const first = startTrain([...flags, ...settings]);
    await untilStep(first, 6);
    // Both at once: no chance to save.
    first.kill('SIGINT');
    first.kill('SIGINT');
    await first.finished;
    const [newest, older] = await listCheckpoints(join(out, 'checkpoints'));
    if (newest === undefined || older === undefined) throw new Error('it has not saved twice');
    await truncate(join(newest.folder, 'optimizer.pt'), 1000);

    const second = await train([...flags, ...settings, '--resume']);
    expect(second.stderr).toContain(`passed over ${newest.folder}: optimizer.pt is cut off`);
    expect(second.stderr).toContain(`going on from step ${older.step} (${older.folder})`);
    expect(second.stdout).toMatch(/^finished after 40 of 40 steps/);
    expect((await leftIn(out)).steps).toEqual(upTo(40));
    expect(await readdir(join(out, 'checkpoints'))).toContain('checkpoint-40');

    const crash = join(await temporaryFolder(), 'out');
    const broken = await train([
      ...['--recipe', 'tiny-qwen3', '--out', crash, '--data', synthesizer],
      ...['--set', `model=${model}`, 'method={kind: lora, targets: [no_such_layer]}'],
    ]);
    expect(broken.exitCode).toBe(1);
    expect(broken.stderr).toMatch(
      /the trainer ended \(exit 1\); its last error:\nTraceback [\s\S]*no_such_layer[\s\S]*its log:/,
    );
    expect(await leftIn(crash)).toMatchObject({ manifest: { state: 'failed' } });
    expect(existsSync(join(crash, 'train.log'))).toBe(true);
  },
  INSTALL_MS,
);

test(
  'a job that was preempted before its first whole checkpoint begins anew, by llamafactory',
  async () => {
    await installTrainer('llamafactory');
    const folder = await temporaryFolder();
    const [bin, out] = [join(folder, 'bin'), join(folder, 'out')];
    await mkdir(bin);
    await writeFile(join(bin, 'sbatch'), '#!/bin/sh\necho 7\n', { mode: 0o755 });
    const submitted = await train(
      [
        ...['--recipe', 'tiny-qwen3', '--out', out, '--trainer', 'llamafactory', '--data', agent],
        ...['--on', 'slurm', '--cluster', 'loopback'],
        ...['--set', `model=${model}`, 'max_steps=2', 'task=agent'],
      ],
      { PATH: `${bin}:${process.env.PATH}` },
    );
    expect(submitted.stdout).toMatch(/^job 7 is submitted/);
    // One cut off before its state, one in a part of its optimiser.
    const checkpoints = join(out, 'checkpoints');
    await writeCheckpoint(join(checkpoints, 'checkpoint-9'), { 'trainer_state.json': null });
    await writeCheckpoint(join(checkpoints, 'checkpoint-8'), { 'global_step8/rank_0.pt': 'PK' });
    await execa('bash', [join(out, 'trainer', 'command.sh')], {
      cwd: out,
      env: { OMP_NUM_THREADS: '1' },
    });
    const moments = await readFile(join(out, 'progress.jsonl'), 'utf8');
    expect(moments).toMatch(/"step": 0, "max_steps": 2, "event": "begin"/);
    expect(moments).toMatch(/"step": 2, "max_steps": 2, "event": "end"/);
  },
  INSTALL_MS,
);
