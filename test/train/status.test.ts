import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { TrainManifest } from '../../train/manifest.ts';
import { standingLines, trainStatus } from '../../train/status.ts';
import { temporaryFolder } from '../helpers/temporary.ts';
import { weights, writeTraining } from './trained-folder.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

test.each([
  [
    'llamafactory',
    'trainer_log.jsonl',
    '{"current_steps": 5, "total_steps": 12, "loss": 2.5, "lr": 0.003, "epoch": 0.1}',
  ],
  [
    'swift',
    'logging.jsonl',
    '{"loss": 2.5, "learning_rate": 0.003, "epoch": 0.1, "global_step/max_steps": "5/12"}',
  ],
])('a job of %s is shown at the step where it is', async (trainer, file, line) => {
  const out = await training([`trainer=${trainer}`], ['begin 0', 'log 1', 'log 5']);
  await writeFile(join(out, 'checkpoints', file), `${line}\n`);
  await pretendSlurm(job('RUNNING', '0:0'));
  const standing = await trainStatus(out);
  expect(standing.seen.steps).toEqual({ done: 5, all: 12 });
  expect(standingLines(out, standing).at(-1)).toMatch(/^step 5 of 12, loss 2.5/);
});

/** Its last words are of the steps; only then are the weights saved. */
describe('a training that had done all its steps and', () => {
  const STEPS = ['begin 0', 'log 12', 'end 12'];
  const GONE = 'echo "slurm_load_jobs error: Invalid job id specified" >&2; exit 1';
  const DEAD: Partial<TrainManifest> = { place: { on: 'local', pid: 2 ** 22 + 1 } };

  test.each<[string, string, Partial<TrainManifest>]>([
    ['failed', job('FAILED', '1:0'), {}],
    ['ran out of memory', job('OUT_OF_MEMORY', '0:125'), {}],
    ['is forgotten by Slurm', GONE, {}],
    ['was killed on this machine', GONE, DEAD],
  ])('%s while it saved has failed, unless its weights are whole', async (_, says, over) => {
    const out = await training([], STEPS, over);
    await pretendSlurm(says);
    const saved = join(out, 'checkpoints', 'model.safetensors');
    await writeFile(saved, weights().slice(0, -4), 'latin1');
    expect((await trainStatus(out)).manifest).toMatchObject({ state: 'failed', result: null });

    const whole = await training([], STEPS, over);
    await writeFile(join(whole, 'checkpoints', 'model.safetensors'), weights(), 'latin1');
    expect((await trainStatus(whole)).manifest).toMatchObject({
      state: 'finished',
      result: join(whole, 'checkpoints'),
    });
  });

  test('was cancelled while it saved is stopped', async () => {
    const out = await training([], STEPS);
    await pretendSlurm(job('CANCELLED', '0:15'));
    expect((await trainStatus(out)).state).toBe('stopped');
  });

  test.each([
    ['ended well', job('COMPLETED', '0:0')],
    ['was asked to stop too late', job('FAILED', '75:0')],
  ])('%s is finished', async (_, says) => {
    const out = await training([], STEPS);
    await pretendSlurm(says);
    expect((await trainStatus(out)).state).toBe('finished');
  });
});

/** A training that ran as far as these moments of run_trainer.py say. */
async function training(
  settings: readonly string[],
  moments: readonly string[],
  over: Partial<TrainManifest> = {},
): Promise<string> {
  const out = await temporaryFolder();
  await writeTraining(out, settings, over);
  const lines = moments.map((text, time) => {
    const [event, step] = text.split(' ');
    return `${JSON.stringify({ event, step: Number(step), max_steps: 12, time })}\n`;
  });
  await writeFile(join(out, 'progress.jsonl'), lines.join(''));
  return out;
}

function job(state: string, exit: string): string {
  return `echo "JobId=7 JobState=${state} Reason=None ExitCode=${exit}"`;
}

/** A Slurm that says one thing, and has no accounting. */
async function pretendSlurm(says: string): Promise<void> {
  const folder = await temporaryFolder();
  const program = (name: string, script: string) =>
    writeFile(join(folder, name), `#!/bin/bash\n${script}\n`, { mode: 0o755 });
  await program('scontrol', says);
  await program('sacct', 'exit 1');
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH ?? ''}`);
}
