import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requireTraining } from '../../train/manifest.ts';
import { startSlurmLoopback } from '../helpers/slurm-loopback.ts';
import { sharedFolder, temporaryFolder } from '../helpers/temporary.ts';
import { writeSmallDataset } from './small-dataset.ts';
import { installTrainer, leftIn, train, upTo } from './train-command.ts';

const INSTALL_MS = 900_000;
const slurm = await startSlurmLoopback();
afterAll(() => slurm.stop());
const name = slurm.skipped === null ? 'on Slurm' : `on Slurm (skipped: ${slurm.skipped})`;

describe.skipIf(slurm.skipped !== null)(name, { timeout: 600_000 }, () => {
  let data: string;
  beforeAll(async () => {
    await installTrainer('trl');
    data = join(await sharedFolder(), 'data');
    await writeSmallDataset(data);
  }, INSTALL_MS);

  test('a training that is preempted goes back into the queue and on from what it saved', async () => {
    const { out, job } = await submitted('max_steps=300', 'save_steps=1000');
    await untilStep(out, 2);
    await execa('scontrol', ['requeue', job]);
    await untilStatus(out, /PENDING .*started again 1 times/);
    const { stdout, exitCode } = await train(['status', out, '--follow']);
    expect(stdout).toMatch(/^finished after 300 of 300 steps/m);
    expect(exitCode).toBe(0);
    const { manifest, steps, losses } = await leftIn(out);
    expect(manifest).toMatchObject({ state: 'finished', place: { on: 'slurm', job } });
    expect(steps).toEqual(upTo(300));
    expect(losses.at(-1)).toBeLessThan(0.6 * (losses[0] ?? 0));
  });

  test('a training that is cancelled saves first, and can be resumed here', async () => {
    const { out } = await submitted('max_steps=400', 'save_steps=1000');
    await untilStep(out, 2);
    const { stdout } = await train(['cancel', out]);
    expect(stdout).toMatch(/^stopped after \d+ of 400 steps/m);
    const resumed = await train([...flags(out), '--resume', '--set', 'max_steps=400']);
    expect(resumed.stderr).toMatch(/going on from step \d+/);
    expect(resumed.stdout).toMatch(/^finished after 400 of 400 steps/);
  });

  test("a training that fails shows the trainer's own error", async () => {
    const { out } = await submitted('method={ kind: lora, targets: [no_such_layer] }');
    const { stdout, exitCode } = await train(['status', out, '--follow']);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/is over \(FAILED, NonZeroExitCode, exit 1\)[\s\S]*no_such_layer/);
  });

  async function submitted(...settings: string[]): Promise<{ out: string; job: string }> {
    const out = join(await temporaryFolder(), 'out');
    const { stdout, stderr } = await train([
      ...[...flags(out), '--on', 'slurm', '--cluster', 'loopback'],
      ...['--set', ...settings],
    ]);
    const job = /^job (\d+) is submitted/.exec(stdout)?.[1];
    if (job === undefined) throw new Error(stderr);
    return { out, job };
  }

  function flags(out: string): string[] {
    return ['--recipe', 'tiny-qwen3', '--data', data, '--out', out];
  }
});

/** Waits until a job's training has done some steps; throws when it ends before. */
async function untilStep(out: string, step: number): Promise<void> {
  for (;;) {
    const { stdout } = await train(['status', out, '--json']);
    const { state, seen } = JSON.parse(stdout);
    if (seen.steps.done >= step) return;
    if (state !== 'running') throw new Error(JSON.stringify((await requireTraining(out)).error));
    await sleep(200);
  }
}

async function untilStatus(out: string, wanted: RegExp): Promise<void> {
  for (;;) {
    const { stdout } = await train(['status', out]);
    if (wanted.test(stdout)) return;
    await sleep(200);
  }
}
