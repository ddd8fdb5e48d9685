import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Cluster } from '../../../core/launch/cluster.ts';
import { packageRoot } from '../../../core/package-root.ts';
import type { BatchRecord } from '../../../synth/batch/batch-folder.ts';
import { batchPreview } from '../../../synth/batch/batch-options.ts';
import { SlurmBackend } from '../../../synth/batch/slurm-backend.ts';
import { vllmArgv } from '../../../synth/batch/vllm.ts';
import { runCommand } from '../../helpers/command.ts';
import { endpointAt } from '../../helpers/scripted-engine.ts';
import { startSlurmLoopback } from '../../helpers/slurm-loopback.ts';
import { taughtServer } from '../../helpers/taught-server.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { CORPUS, endpointsFile, linesOf, manifestOf } from '../commands/jobs.ts';
import { rowsOf } from './runs.ts';

const files = { input: '/run/batch/0001.input.jsonl', output: '/run/batch/0001.output.jsonl' };

describe('the command line of vllm run-batch', () => {
  it('has the model as the requests name it', () => {
    const endpoint = endpointAt('http://localhost:8000/v1', { model: 'Qwen/Qwen3-8B' });
    const options = { program: 'vllm', gpus: 1, more: [] };
    expect(vllmArgv(options, endpoint, files)).toEqual([
      'vllm',
      'run-batch',
      ...['-i', files.input],
      ...['-o', files.output],
      ...['--model', 'Qwen/Qwen3-8B'],
      '--enable-prompt-tokens-details',
    ]);
  });

  it('has a folder under the name in the requests, the context, the GPUs and what else is given', () => {
    const endpoint = endpointAt('http://localhost:8000/v1', {
      model: 'teacher',
      context_length: 40_960,
    });
    const more = ['--enforce-eager'];
    const options = { program: '/env/bin/vllm', model: '/models/qwen', gpus: 4, more };
    expect(vllmArgv(options, endpoint, files)).toEqual([
      '/env/bin/vllm',
      'run-batch',
      ...['-i', files.input],
      ...['-o', files.output],
      ...['--model', '/models/qwen', '--served-model-name', 'teacher'],
      ...['--max-model-len', '40960'],
      ...['--tensor-parallel-size', '4'],
      '--enable-prompt-tokens-details',
      '--enforce-eager',
    ]);
  });
});

describe('the job of a batch', () => {
  it('is as the golden script', async () => {
    const cluster = { ...Cluster.parse({ gpus_per_node: 4 }), name: 'test', file: 'test.yaml' };
    const options = { program: 'vllm', gpus: 2, more: [] };
    const backend = new SlurmBackend(cluster, options, 1000);
    const endpoint = endpointAt('http://localhost:8000/v1', { model: 'Qwen/Qwen3-8B' });
    const settings = { backend, cancel: false, busyS: 1, looksS: [], note: () => {} };
    const script = batchPreview(settings, '/runs/first', endpoint);
    const golden = script.replaceAll(process.cwd(), '/where/it/was/begun');
    await expect(golden).toMatchFileSnapshot('golden/batch.sbatch');
  });
});

/** An environment whose vllm is the stand-in of test/synth/batch/fixtures: vLLM itself wants a GPU. */
async function standIn(folder: string): Promise<string> {
  const bin = join(folder, 'env', 'bin');
  await mkdir(bin, { recursive: true });
  const program = join(packageRoot(), 'test', 'synth', 'batch', 'fixtures', 'run-batch.mjs');
  await writeFile(join(bin, 'vllm'), `#!/bin/sh\nexec ${process.execPath} ${program} "$@"\n`);
  await chmod(join(bin, 'vllm'), 0o755);
  return join(folder, 'env');
}

/** A run in batches by the stand-in, and what a live run of the same says. */
async function inBatches(folder: string, flags: string[] = [], fails?: string) {
  const server = await taughtServer(undefined, 0, 0.3);
  const entry = `{ base_url: "${server.url}", model: scripted, context_length: 40960 }`;
  const args = [
    ...['synth', '--input', CORPUS, '--limit', '12', '--no-judge', '--repair', '0'],
    ...['--endpoints', await endpointsFile(folder, { taught: entry }), '--endpoint', 'taught'],
  ];
  const batch = ['--mode', 'batch', '--batch-with', 'vllm', '--batch-env', await standIn(folder)];
  const run = join(folder, 'run');
  const result = await runCommand(
    [...args, ...batch, '--batch-poll', '0.2', '--run', run, ...flags],
    { env: { STAND_IN_URL: server.url, STAND_IN_FAILS: fails }, timeout: 240_000 },
  );
  const live = () => runCommand([...args, '--run', join(folder, 'live')], { timeout: 240_000 });
  return { run, ...result, live };
}

/** The stand-in says that some of the prompts were cached. */
async function uncached(folder: string): Promise<Map<string, unknown>> {
  const text = JSON.stringify([...(await rowsOf(folder))]);
  return new Map(JSON.parse(text.replaceAll(/"cached_tokens":\d+/g, '"cached_tokens":0')));
}

describe('vllm run-batch on this machine (a stand-in)', { timeout: 240_000 }, () => {
  it('makes the rows of a live run; a batch that fails leaves what it had answered', async () => {
    const folder = await temporaryFolder();
    const { run, exitCode, stderr, live } = await inBatches(folder, [], '5');
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toMatch(/batch 1 \(filter 12\) is sent to vllm run-batch/);
    const manifest = await manifestOf(run);
    expect(manifest).toMatchObject({ state: 'finished', funnel: { passages: 12 } });
    expect(manifest.total.cached_tokens).toBe(64 * manifest.total.requests);
    const [first, second] = await linesOf(run, 'batch/batches.jsonl');
    expect(first).toMatchObject({ requests: 12, answered: 5 });
    expect(second.stages).toMatchObject({ filter: 7 });
    await live();
    expect(await uncached(run)).toEqual(await uncached(join(folder, 'live')));
  });

  it('that fails before its first answer ends the run with its own last error', async () => {
    const { exitCode, stderr } = await inBatches(await temporaryFolder(), [
      '--batch-arg=--no-flag',
    ]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /vllm run-batch ended \(exit 2\); its last error:\nvllm: error: unrecognized arguments: --no-flag/,
    );
  });
});

/** Slurm's commands on a cluster without accounting that has forgotten every job. */
async function forgetfulSlurm(folder: string): Promise<void> {
  const says = 'echo "slurm_load_jobs error: Invalid job id specified" >&2; exit 1';
  for (const command of ['scontrol', 'sacct', 'scancel']) {
    await writeFile(join(folder, command), `#!/bin/sh\n${says}\n`);
    await chmod(join(folder, command), 0o755);
  }
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
}

describe('a job that Slurm has forgotten and that left no mark', () => {
  it.each([
    ['', { kind: 'again' }],
    ['{"custom_id":"a"}\n', { kind: 'done' }],
  ])('is over: what it wrote (%j) is taken, else it is begun again', async (written, end) => {
    const folder = await temporaryFolder();
    await forgetfulSlurm(folder);
    const at = (name: string) => join(folder, `0001.${name}.jsonl`);
    await writeFile(at('output'), written);
    const record: BatchRecord = {
      ...{ number: 1, token: 'token', endpoint: 'own', model: 'm', place: 'Slurm', requests: 1 },
      ...{ stages: {}, bytes: 1, highest_usd: 0, state: 'sent', remote: '7' },
    };
    const batch = {
      record,
      endpoint: endpointAt('http://localhost:8000/v1', {}),
      files: {
        input: at('input'),
        about: at('about'),
        output: at('output'),
        errors: at('errors'),
        earlier: at('earlier'),
      },
    };
    const cluster = { ...Cluster.parse({}), name: 'test', file: 'test.yaml' };
    const backend = new SlurmBackend(cluster, { program: 'vllm', gpus: 1, more: [] }, 1);
    const never = new AbortController().signal;
    expect(await backend.wait(batch, '7', never, () => {})).toEqual({
      ...end,
      reason: `Slurm does not know job 7, and it left no mark in ${folder}`,
    });
    await backend.cancel(batch, '7');
  });
});

const slurm = await startSlurmLoopback();
afterAll(() => slurm.stop());
const name = slurm.skipped === null ? 'a real Slurm' : `a real Slurm (skipped: ${slurm.skipped})`;

describe.skipIf(slurm.skipped !== null)(`vllm run-batch on ${name} (a stand-in)`, () => {
  it('runs each batch as a job; a failed one leaves what it had answered', async () => {
    const folder = await temporaryFolder();
    const cluster = join(folder, 'cluster.yaml');
    const seen = 'pass_environment: [STAND_IN_URL, STAND_IN_FAILS]';
    await writeFile(cluster, `time_limit: "10"\ncpus_per_node: 1\n${seen}\n`);
    const flags = ['--on', 'slurm', '--cluster', cluster];
    const { run, exitCode, stderr, live } = await inBatches(folder, flags, '5');
    expect(exitCode, stderr).toBe(0);
    expect(await manifestOf(run)).toMatchObject({ state: 'finished', funnel: { passages: 12 } });
    const [first] = await linesOf(run, 'batch/batches.jsonl');
    expect(first).toMatchObject({ requests: 12, answered: 5 });
    expect(first.ended).toMatch(/job \d+ ended as FAILED, NonZeroExitCode after 5 lines/);
    await live();
    expect(await uncached(run)).toEqual(await uncached(join(folder, 'live')));
  }, 240_000);
});
