import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { Cluster } from '../../../core/launch/cluster.ts';
import { sbatchScript } from '../../../core/launch/sbatch-script.ts';
import { type ArrayPlan, mergeJob, shardsJob } from '../../../synth/shards/slurm/jobs.ts';
import { sharedWords } from '../../../synth/shards/slurm/words.ts';

const cluster = Cluster.parse({
  partition: 'gpu',
  account: 'abc',
  gpus_per_node: 4,
  cpus_per_node: 64,
  memory: '480G',
  time_limit: '12:00:00',
  signal_before_s: 300,
  modules: ['cuda/12.8'],
  venv: '$HOME/vllm',
});
const plan: ArrayPlan = {
  run: '/data/runs/large',
  shards: 64,
  tasks: [1, 2, 3, 7, 9, 10, 64],
  atOnce: 16,
  cluster,
  gpus: 4,
  program: ['/usr/bin/node', '/opt/gem-traj/dist/scripts/gem-traj.js'],
  words: ['synth', '--input', 'corpus/*.parquet', '--run', 'large', '--serve', 'vllm'],
  passEnv: ['HF_TOKEN'],
  cwd: '/data',
};

/** A new case is a line here and a file in fixtures, which -u writes. */
const CASES = {
  'shards-on-gpus': shardsJob(plan),
  'shards-of-an-endpoint': shardsJob({
    ...plan,
    tasks: [1, 2],
    shards: 2,
    atOnce: undefined,
    gpus: 0,
    words: ['synth', '--input', "a 'b'.jsonl", '--run', 'large', '--endpoint', 'glm'],
    passEnv: ['GLM_API_KEY'],
  }),
  merge: mergeJob(plan, '77'),
};

describe('the job scripts of a sharded run', () => {
  it.each(Object.entries(CASES))('%s is as in its file, and is bash', async (name, job) => {
    const script = sbatchScript(job);
    await expect(script).toMatchFileSnapshot(`fixtures/${name}.sbatch`);
    const { stderr } = await execa('bash', ['-n'], { input: script });
    expect(stderr).toBe('');
  });

  it('hurry a command that does not end after the first signal', async () => {
    const folder = '/tmp';
    const job = {
      ...shardsJob({ ...plan, cluster: Cluster.parse({ signal_before_s: 2 }), gpus: 0 }),
      command: [
        'bash',
        '-c',
        'n=0; trap "n=$((n+1))" INT; echo ready; while [ "$n" -eq 0 ]; do sleep 0.05; done; n=0; while [ "$n" -eq 0 ]; do sleep 0.05; done; echo hurried',
      ],
      folder,
      cwd: folder,
      requeueAtTimeLimit: false,
    };
    const child = execa('bash', [], {
      input: sbatchScript(job),
      env: { SLURM_JOB_ID: '1', SLURM_ARRAY_JOB_ID: String(process.pid), SLURM_ARRAY_TASK_ID: '1' },
      buffer: false,
      reject: false,
    });
    let said = '';
    child.stdout?.on('data', (text: Buffer) => {
      said += text.toString();
      if (text.toString().includes('ready')) child.kill('SIGUSR1');
    });
    expect((await child).exitCode).toBe(0);
    expect(said).toMatch(/time_limit: INT to the command\n[\s\S]*hurried\n/);
    await execa('rm', ['-f', `/tmp/large-shards-${process.pid}_1.ended`]);
  });
});

describe('what the shards get of the command', () => {
  it.each<[string[], string[]]>([
    [
      ['synth', '--run', 'a', '--on', 'slurm', '--shards', '4', '--input', 'x', 'y', '--json'],
      ['synth', '--run', 'a', '--input', 'x', 'y'],
    ],
    [
      ['synth', '--on=slurm', '--shards=4', '--gpus=2', '--at-once', '2', '--dry-run', '--offline'],
      ['synth', '--offline'],
    ],
    [
      ['synth', '--cluster', 'c.yaml', '--dry-run', 'false', '--no-judge', '--serve', 's'],
      ['synth', '--no-judge', '--serve', 's'],
    ],
  ])('%j', (given, shared) => {
    expect(sharedWords(given)).toEqual(shared);
  });
});
