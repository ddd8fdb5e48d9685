import { appendFile, mkdtemp, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAdapter } from '../../core/launch/adapter.ts';
import { mergedCopy } from '../../core/launch/merge-adapter.ts';
import { readServedModel } from '../../core/launch/served-model.ts';
import { Endpoint, EndpointsFile } from '../../core/llm/endpoint.ts';
import { packageRoot } from '../../core/package-root.ts';
import { readYaml } from '../../core/yaml.ts';
import { runCommand } from '../helpers/command.ts';
import { startSlurmLoopback } from '../helpers/slurm-loopback.ts';
import { startServe, untilSaid } from './serve-jobs.ts';
import { writeSmallDataset } from './small-dataset.ts';
import { installTrainer, train } from './train-command.ts';

const slurm = await startSlurmLoopback();

describe('transformers serve', { timeout: 300_000 }, () => {
  const environment = join(packageRoot(), '.venvs', 'serve');
  let cwd: string;
  beforeAll(async () => {
    await installTrainer('serve');
    await installTrainer('trl');
    cwd = await realpath(await mkdtemp(join(tmpdir(), 'serve-real-')));
    await writeSmallDataset(join(cwd, 'data'));
    await trained('tuned', 'max_steps=60', 'save_steps=60');
  }, 900_000);
  afterAll(async () => {
    await slurm.stop();
    await rm(cwd, { recursive: true, force: true });
  });

  async function trained(out: string, ...settings: string[]): Promise<void> {
    const place = ['--data', join(cwd, 'data'), '--out', join(cwd, out)];
    const { stdout, stderr } = await train([
      '--recipe',
      'tiny-qwen3',
      ...place,
      '--set',
      ...settings,
    ]);
    if (!stdout.startsWith('finished')) throw new Error(stderr);
  }

  const serve = (...args: string[]) =>
    startServe([...args, '--with', 'transformers', '--env', environment], {
      cwd,
      env: { OMP_NUM_THREADS: '1' },
    });

  /** Another command reaches the endpoint by the file. */
  async function doctor(file: string, name: string): Promise<string> {
    const args = ['doctor', '--endpoints', join(cwd, file), '--endpoint', name];
    return (await runCommand(args, { timeout: 120_000 })).stdout;
  }

  it('answers with what was trained, and is reached by other commands until Ctrl-C', async () => {
    const server = serve('tuned/checkpoints', '--port', '0', '--name', 'tuned');
    await untilSaid(server, 'Ctrl-C ends it');
    const { endpoints } = await readYaml(join(cwd, 'served', 'tuned.yaml'), EndpointsFile);
    // One of the questions that it was trained to answer.
    expect(await answerOf(endpoints.tuned)).toContain('<system>Renew once.</system><user>Renew L-');
    expect(await doctor('served/tuned.yaml', 'tuned')).toMatch(/ok {3}answer from http.*tokens\/s/);
    server.kill('SIGINT');
    expect(await server.finished).toMatchObject({ exitCode: 0 });
  });

  it('serves an adapter that was trained, merged once', async () => {
    const base = join(cwd, 'tuned', 'model');
    await trained('lora', `model=${base}`, 'max_steps=2', 'method={ kind: lora, r: 8, alpha: 16 }');
    const adapterFolder = join(cwd, 'lora', 'checkpoints');
    const server = serve(base, '--port', '0', '--adapter', adapterFolder, '--name', 'adapted');
    await untilSaid(server, 'Ctrl-C ends it');
    server.kill('SIGINT');
    const { exitCode, stdout } = await server.finished;
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`model: ${adapterFolder}-merged\n`);

    const merged = join(`${adapterFolder}-merged`, 'model.safetensors');
    const { mtimeMs } = await stat(merged);
    const model = await readServedModel(base);
    const adapter = await readAdapter(adapterFolder);
    // A Python that is not there: nothing is merged again.
    expect(await mergedCopy(model, adapter, 'no-python')).toBe(`${adapterFolder}-merged`);
    expect((await stat(merged)).mtimeMs).toBe(mtimeMs);
    await appendFile(join(adapterFolder, 'adapter_model.safetensors'), 'trained on');
    await expect(mergedCopy(model, adapter, 'no-python')).rejects.toThrow(/no-python is not there/);
  });

  it.skipIf(slurm.skipped !== null)(
    `is found on a node of Slurm, and its job is cancelled by Ctrl-C${slurm.skipped === null ? '' : ` (skipped: ${slurm.skipped})`}`,
    async () => {
      const place = ['--on', 'slurm', '--cluster', 'loopback'];
      const server = serve('tuned/checkpoints', ...place, '--name', 'on-node');
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

async function answerOf(endpoint: Endpoint | undefined): Promise<string> {
  const { base_url, model } = Endpoint.parse(endpoint);
  const client = new OpenAI({ baseURL: String(base_url), apiKey: 'none' });
  const messages = [
    { role: 'user' as const, content: 'A loan is renewed once. This one is L-73.' },
  ];
  const { choices } = await client.chat.completions.create({ model, messages, max_tokens: 60 });
  return choices[0]?.message.content ?? '';
}
