import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, test } from 'vitest';
import { sharedFolder, temporaryFolder } from '../helpers/temporary.ts';
import { writeSmallDataset } from './small-dataset.ts';
import { installTrainer, makeTinyModel, train } from './train-command.ts';

const INSTALL_MS = 900_000;
const hasGpu = (await execa('nvidia-smi', ['-L'], { reject: false })).exitCode === 0;

let data: string;
let model: string;
beforeAll(async () => {
  await installTrainer('trl');
  const folder = await sharedFolder();
  [data, model] = [join(folder, 'data'), join(folder, 'tiny')];
  await makeTinyModel(model);
  await writeSmallDataset(data);
}, INSTALL_MS);

test('--dry-run shows what was found, the command and each file, and writes nothing', async () => {
  const out = join(await temporaryFolder(), 'out');
  const { stdout, exitCode } = await train([...flags(out), '--dry-run']);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^trainer: python .*trl 1\.16\.0, torch/);
  expect(stdout).toContain('data: small, 16 rows, 960 tokens (qwen3), longest 70, limit 16,384');
  expect(stdout).toContain('= 4 rows a step');
  expect(stdout).toMatch(/memory of a process: .* GB \(estimated\)\n {2}weights/);
  expect(stdout).toMatch(/work: 12 steps, 2,880 tokens; about a minute/);
  expect(stdout).toContain(`== ${out}/trainer/trl.yaml\nmodel_name_or_path: ${out}/model`);
  expect(stdout).toMatch(/== command\n[\s\S]*run_trainer\.py/);
  await expect(train(['status', out])).resolves.toMatchObject({
    stderr: expect.stringContaining('holds no training'),
  });
});

describe('it is refused, with what to do,', () => {
  test.each([
    [
      'a setting that is not known',
      ['--set', 'lr=1'],
      /unknown key "lr"; known are .*learning_rate/,
    ],
    ['a batch that does not divide', ['--gpus', '3'], /batch_size 4 cannot be made of .*--gpus 2/],
    [
      'a dataset for another task',
      ['--set', 'task=agent'],
      /trains agent and .* was made for synthesizer/,
    ],
    [
      'rows that would be cut',
      ['--set', 'max_length=64'],
      /longest row has 70 tokens .*--set max_length=70/,
    ],
    ['Slurm without a cluster', ['--on', 'slurm'], /--on slurm needs --cluster/],
    ['a cluster without Slurm', ['--cluster', 'loopback'], /--cluster goes with --on slurm/],
    [
      'a Python without the trainer',
      ['--set', 'python={trl: /usr/bin/env}'],
      /does not run as a Python/,
    ],
    ['a Python that is not known', ['--set', 'python={trl: tlr}'], /tlr: .* makes axolotl, .* trl/],
    ['several nodes here', ['--nodes', '2'], /wants 2 nodes, and this is one machine: --on slurm/],
    ['a resume of nothing', ['--resume'], /holds no training to go on with/],
    [
      'too little memory',
      ['--set', 'batch_size=1000000', 'micro_batch=1000000'],
      /about .* GB are needed and there are .* --force/,
    ],
  ] as const)('%s', async (_, more, message) => {
    const out = join(await temporaryFolder(), 'out');
    const { stderr, exitCode } = await train([...flags(out), ...more]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(message);
  });

  test('a dataset that has not the form of the trainer', async () => {
    const folder = await temporaryFolder();
    await writeSmallDataset(folder, 'synthesizer', { trainers: ['swift'] });
    const { stderr } = await train(flags(join(folder, 'out'), folder));
    expect(stderr).toMatch(
      /is not in the form of trl .* --trainer trl, or train by --trainer swift/,
    );
  });

  test('a dataset that is not there', async () => {
    const { stderr } = await train(flags(join(await temporaryFolder(), 'out'), '/nowhere'));
    expect(stderr).toMatch(/--data \/nowhere: there is no such folder/);
  });

  test('a folder that holds other things', async () => {
    const out = await temporaryFolder();
    await writeFile(join(out, 'thesis.tex'), '');
    const { stderr } = await train(flags(out));
    expect(stderr).toMatch(/holds other things \(thesis\.tex\)/);
  });

  test.skipIf(hasGpu)('a GPU recipe without a GPU (skipped where there is one)', async () => {
    const folder = await temporaryFolder();
    const { stderr } = await train([
      ...['--recipe', 'gem-qwen3-8b-lora', '--data', data, '--out', join(folder, 'out')],
      ...['--set', 'task=synthesizer'],
    ]);
    expect(stderr).toMatch(/there is no GPU here .* wants 1: --on slurm, or a recipe for a CPU/);
  });

  test('a cluster whose GPUs are too small, before anything is submitted', async () => {
    const folder = await temporaryFolder();
    const cluster = join(folder, 'small.yaml');
    await writeFile(cluster, 'gpus_per_node: 1\ngpu_memory_gb: 16\nvenv: /opt/venv\n');
    await mkdir(join(folder, 'x'));
    const { stderr } = await train([
      ...['--recipe', 'synthesizer-qwen3-8b-lora', '--data', data, '--out', join(folder, 'out')],
      ...['--on', 'slurm', '--cluster', cluster],
    ]);
    expect(stderr).toMatch(/about \d+\.\d GB are needed and there are 16\.0 GB/);
  });
});

test('a job that Slurm does not take leaves a folder in which the same command starts again', async () => {
  const folder = await temporaryFolder();
  const [bin, out] = [join(folder, 'bin'), join(folder, 'out')];
  const says = 'sbatch: error: Batch job submission failed: Unable to contact slurm controller';
  await mkdir(bin);
  const path = { PATH: `${bin}:${process.env.PATH}` };
  await program(join(bin, 'sbatch'), `echo '${says}' >&2; exit 1`);
  const argv = [...flags(out), '--on', 'slurm', '--cluster', 'loopback', '--set', `model=${model}`];
  const unreachable = await train(argv, path);
  expect(unreachable.exitCode).toBe(1);
  expect(unreachable.stderr).toContain(`gem-traj: Slurm does not answer; sbatch says: ${says}`);
  const status = await train(['status', out]);
  expect(status.stdout).toMatch(/^tiny-qwen3, trl, small: failed\nSlurm does not answer/);

  // Taken, cancelled before it began, and forgotten.
  await program(join(bin, 'sbatch'), 'echo 7');
  await program(join(bin, 'scontrol'), 'echo "error: Invalid job id specified" >&2; exit 1');
  await program(join(bin, 'sacct'), 'exit 1');
  expect((await train(argv, path)).stdout).toMatch(/^job 7 is submitted/);
  const forgotten = await train(['status', out], path);
  expect(forgotten.exitCode).toBe(1);
  expect(forgotten.stdout).toMatch(/: failed\nSlurm does not know job 7, .* before it began/);

  const absent = await train(argv, { PATH: folder });
  expect(absent.stderr).toMatch(/no step is saved in .* it starts from the beginning/);
  expect(absent.stderr).toMatch(/gem-traj: sbatch is not on this machine: .* a login node/);
});

function program(path: string, script: string): Promise<void> {
  return writeFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

function flags(out: string, from = data): string[] {
  return ['--recipe', 'tiny-qwen3', '--data', from, '--out', out];
}
