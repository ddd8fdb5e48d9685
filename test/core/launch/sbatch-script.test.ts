import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { Cluster } from '../../../core/launch/cluster.ts';
import { sbatchScript } from '../../../core/launch/sbatch-script.ts';
import type { SlurmJob } from '../../../core/launch/slurm-job.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';

const small = Cluster.parse({ signal_before_s: 0, requeue: false });
const large = Cluster.parse({
  partition: 'gpu',
  account: 'abc',
  qos: 'high',
  gpus_per_node: 8,
  gpu_type: 'h100',
  cpus_per_node: 96,
  memory: '1000G',
  time_limit: '1-00:00:00',
  modules: ['cuda/12.8', 'gcc'],
  setup: ['ulimit -n 65536'],
  venv: '$HOME/my env',
  environment: { NCCL_DEBUG: 'WARN' },
  pass_environment: ['HF_TOKEN'],
  scratch: '/scratch/$SLURM_JOB_ID',
  signal_before_s: 300,
  sbatch_lines: ['--exclusive'],
});
const { venv: _none, ...rest } = large;
const contained = { ...rest, container: 'apptainer exec --nv image.sif' };
const place = { folder: '/data/run 1', cwd: '/data' };

/** A new case is a line here and a file in fixtures/sbatch, which -u writes. */
const CASES: Record<string, SlurmJob> = {
  smallest: { ...place, name: 'smallest', cluster: small, command: ['python', 'train.py'] },
  'several-nodes': {
    ...place,
    name: 'several-nodes',
    cluster: large,
    nodes: 4,
    requeueAtTimeLimit: true,
    command: [
      'torchrun',
      '--node_rank',
      { bash: '"$NODE_RANK"' },
      'train.py',
      "it's",
      'a\nEND_OF_STEP\nb',
    ],
    env: { OMP_NUM_THREADS: '8', WORDS: "two 'words' $HOME" },
    passEnv: ['WANDB_API_KEY'],
  },
  'array-in-container': {
    ...place,
    name: 'array-in-container',
    cluster: contained,
    gpusPerNode: 2,
    timeLimit: '2:00:00',
    array: { tasks: 10, atOnce: 3 },
    dependency: { type: 'afterok', jobs: ['12', '13'] },
    stopSignal: 'USR1',
    before: ['echo "task $SLURM_ARRAY_TASK_ID"'],
    command: ['python', 'work.py'],
  },
};

describe('an sbatch script', () => {
  it.each(Object.entries(CASES))('%s is as in its file, and is bash', async (name, job) => {
    const script = sbatchScript(job);
    await expect(script).toMatchFileSnapshot(`fixtures/sbatch/${name}.sbatch`);
    const { stderr } = await execa('bash', ['-n'], { input: script });
    expect(stderr).toBe('');
  });

  it('holds the names of variables, and never their values', () => {
    process.env.GEM_TRAJ_TEST_KEY = 'very-secret';
    const job = {
      ...place,
      name: 'a',
      cluster: small,
      command: ['true'],
      passEnv: ['GEM_TRAJ_TEST_KEY'],
    };
    const script = sbatchScript(job);
    delete process.env.GEM_TRAJ_TEST_KEY;
    expect(script).toContain(',GEM_TRAJ_TEST_KEY\n');
    expect(script).not.toContain('very-secret');
  });

  it('runs the command with every word as it is, and leaves its exit status behind', async () => {
    const folder = join(await temporaryFolder(), "a 'b' $c");
    await mkdir(folder);
    const words = ["it's", '$HOME', 'a\nEND_OF_STEP\nb', '"', '\\'];
    const job = {
      folder,
      cwd: folder,
      name: 'words',
      cluster: small,
      command: ['bash', '-c', 'printf "%s|" "$SETTING" "$@" >words; exit 7', 'x', ...words],
      env: { SETTING: "two 'words' $HOME" },
    };
    const { exitCode } = await execa('bash', [], {
      input: sbatchScript(job),
      env: { SLURM_JOB_ID: '42' },
      reject: false,
    });
    expect(exitCode).toBe(7);
    const { stdout } = await execa('cat', ['words', 'words-42.ended'], { cwd: folder });
    expect(stdout).toBe(["two 'words' $HOME", ...words, '7'].join('|'));
  });
});
