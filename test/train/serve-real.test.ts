import { appendFile, mkdtemp, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAdapter } from '../../core/launch/adapter.ts';
import { mergedCopy } from '../../core/launch/merge-adapter.ts';
import { pythonEnv } from '../../core/launch/python.ts';
import { readServedModel } from '../../core/launch/served-model.ts';
import { packageRoot } from '../../core/package-root.ts';
import { runCommand } from '../helpers/command.ts';
import { startSlurmLoopback } from '../helpers/slurm-loopback.ts';
import { startServe, untilSaid } from './serve-jobs.ts';

const slurm = await startSlurmLoopback();

describe('transformers serve', { timeout: 300_000 }, () => {
  let cwd: string;
  let environment: string;
  beforeAll(async () => {
    const root = packageRoot();
    await execa(join(root, 'scripts', 'python-env'), ['serve']);
    environment = join(root, '.venvs', 'serve');
    cwd = await realpath(await mkdtemp(join(tmpdir(), 'serve-real-')));
    await python(join(root, 'test', 'fixtures', 'tiny-model', 'make_tiny_model.py'), 'tiny');
  });
  afterAll(async () => {
    await slurm.stop();
    await rm(cwd, { recursive: true, force: true });
  });

  async function python(...args: string[]): Promise<void> {
    await execa(await pythonEnv('serve', packageRoot()), args, {
      cwd,
      env: { HF_HUB_OFFLINE: '1' },
    });
  }

  const serveTiny = (...args: string[]) =>
    startServe(['tiny', '--with', 'transformers', '--env', environment, ...args], {
      cwd,
      env: { OMP_NUM_THREADS: '1' },
    });

  /** Another command reaches the endpoint by the file. */
  async function doctor(file: string, name: string): Promise<string> {
    const args = ['doctor', '--endpoints', join(cwd, file), '--endpoint', name];
    return (await runCommand(args, { timeout: 120_000 })).stdout;
  }

  it('is reached by other commands until Ctrl-C', async () => {
    const server = serveTiny('--port', '0');
    await untilSaid(server, 'Ctrl-C ends it');
    expect(await doctor('served/tiny.yaml', 'tiny')).toMatch(/ok {3}answer from http.*tokens\/s/);
    server.kill('SIGINT');
    expect(await server.finished).toMatchObject({ exitCode: 0 });
  });

  it('serves an adapter, merged once', async () => {
    await python(join(import.meta.dirname, 'fixtures', 'make_adapter.py'), 'tiny', 'lora');
    const server = serveTiny('--port', '0', '--adapter', 'lora', '--name', 'tuned');
    await untilSaid(server, 'Ctrl-C ends it');
    server.kill('SIGINT');
    const { exitCode, stdout } = await server.finished;
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`model: ${join(cwd, 'lora-merged')}\n`);

    const merged = join(cwd, 'lora-merged', 'model.safetensors');
    const { mtimeMs } = await stat(merged);
    const model = await readServedModel(join(cwd, 'tiny'));
    const adapter = await readAdapter(join(cwd, 'lora'));
    // A Python that is not there: nothing is merged again.
    expect(await mergedCopy(model, adapter, 'no-python')).toBe(join(cwd, 'lora-merged'));
    expect((await stat(merged)).mtimeMs).toBe(mtimeMs);
    await appendFile(join(cwd, 'lora', 'adapter_model.safetensors'), 'trained on');
    await expect(mergedCopy(model, adapter, 'no-python')).rejects.toThrow(/no-python is not there/);
  });

  it.skipIf(slurm.skipped !== null)(
    `is found on a node of Slurm, and its job is cancelled by Ctrl-C${slurm.skipped === null ? '' : ` (skipped: ${slurm.skipped})`}`,
    async () => {
      const server = serveTiny('--on', 'slurm', '--cluster', 'loopback', '--name', 'on-node');
      await untilSaid(server, 'Ctrl-C ends it');
      expect(server.output().stderr).toMatch(/job \d+: RUNNING on node\d/);
      expect(await doctor('served/on-node.yaml', 'on-node')).toMatch(/ok {3}answer from http/);
      server.kill('SIGINT');
      const { exitCode, stderr } = await server.finished;
      expect(exitCode).toBe(0);
      expect(stderr).toContain('the server is stopped');
      const { stdout } = await execa('squeue', ['--noheader']);
      expect(stdout).toBe('');
    },
  );

  it.skipIf(slurm.skipped !== null)('that dies on a node is quoted', async () => {
    const server = startServe(
      ['Qwen/Qwen3-8B', '--with', 'vllm', '--on', 'slurm', '--cluster', 'loopback'],
      { cwd },
    );
    const { exitCode, stderr } = await server.finished;
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /job \d+ is over \(FAILED, NonZeroExitCode, exit 127\); its last error:/,
    );
    expect(stderr).toMatch(/vllm: (command )?not found/);
  });
});
