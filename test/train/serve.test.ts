import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { planServe, type ServeWish } from '../../train/serve-plan.ts';
import { temporaryFolder } from '../helpers/temporary.ts';
import { fakeEnvironment, startServe, untilSaid } from './serve-jobs.ts';

/** A model that no server here looks at. */
const MODEL = ['Qwen/Qwen3-8B', '--with', 'vllm', '--tensor-parallel', '1'];

async function serveFake(mode: string, ...args: string[]) {
  const cwd = await temporaryFolder();
  const environment = await fakeEnvironment(cwd, mode);
  const command = startServe([...MODEL, '--env', environment, '--port', '0', ...args], { cwd });
  return { cwd, command };
}

describe('a server that goes wrong', () => {
  it('while starting is quoted', async () => {
    const { cwd, command } = await serveFake('dies');
    const { exitCode, stderr, stdout } = await command.finished;
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /gem-traj: the server ended \(exit 1\); its last error:\nTraceback [\s\S]*ValueError: no kernel for this GPU\nits log: \S+qwen3-8b.log/,
    );
    expect(stdout).toBe('');
    expect(existsSync(join(cwd, 'served', 'qwen3-8b.yaml'))).toBe(false);
  });

  it('by never being healthy is ended', async () => {
    const { command } = await serveFake('loads', '--timeout', '2');
    const { exitCode, stderr } = await command.finished;
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/not healthy within 2 s \(http:\S+\/health: HTTP 503\).*--timeout/);
  });

  it('by refusing to answer is quoted and ended', async () => {
    const { command } = await serveFake('refuses');
    const { exitCode, stderr } = await command.finished;
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/is up, and does not answer a chat request .*the template is broken/);
  });

  it('by dying at the first question is quoted', async () => {
    const { command } = await serveFake('dies-asked');
    const { exitCode, stderr } = await command.finished;
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /gem-traj: the server ended \(exit 7\); its last error:\n[\s\S]*illegal memory access/,
    );
  });

  it('after it was up is told', async () => {
    const { command } = await serveFake('dies-later');
    const { exitCode, stderr } = await command.finished;
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/it answers: "hello"[\s\S]*gem-traj: the server ended \(exit 7\)/);
  });
});

describe('Ctrl-C', () => {
  it('stops a server that is up; its endpoint was printed and saved', async () => {
    const { cwd, command } = await serveFake(
      'works',
      '--name',
      'mine',
      '--save',
      'my/endpoints.yaml',
    );
    await untilSaid(command, 'Ctrl-C ends it');
    command.kill('SIGINT');
    const { exitCode, stdout, stderr } = await command.finished;
    expect(exitCode).toBe(0);
    expect(stderr).toContain('the server is stopped');
    expect(stdout).toMatch(/^endpoints:\n {2}mine:\n {4}base_url: http:\/\/127.0.0.1:\d+\/v1\n/);
    expect(await readFile(join(cwd, 'my', 'endpoints.yaml'), 'utf8')).toBe(stdout);
    expect(await readFile(join(cwd, 'my', 'mine.log'), 'utf8')).toContain('in mode works');
    const url = /base_url: (\S+)/.exec(stdout)?.[1] ?? '';
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });

  it('gives up one that does not answer the first question', async () => {
    const { cwd, command } = await serveFake('never-answers');
    await untilSaid(command, 'asked');
    command.kill('SIGINT');
    expect(await command.finished).toMatchObject({ exitCode: 130, stdout: '' });
    expect(existsSync(join(cwd, 'served', 'qwen3-8b.yaml'))).toBe(false);
  });

  it('gives up one that still loads', async () => {
    const { command } = await serveFake('loads');
    await untilSaid(command, 'in mode loads');
    command.kill('SIGINT');
    expect(await command.finished).toMatchObject({ exitCode: 130 });
  });
});

describe('before anything is started', () => {
  it('a port that is taken is named', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const address = other.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const environment = await fakeEnvironment(await temporaryFolder(), 'works');
    const { finished } = startServe([...MODEL, '--env', environment, '--port', port]);
    const { exitCode, stderr } = await finished;
    other.close();
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      `gem-traj: port ${port} on 127.0.0.1 is taken by another program; --port gives another, and --port 0 takes a free one`,
    );
  });

  it('an address that this machine does not have is named', async () => {
    const environment = await fakeEnvironment(await temporaryFolder(), 'works');
    const { finished } = startServe([...MODEL, '--env', environment, '--host', '192.0.2.1']);
    const { exitCode, stderr } = await finished;
    expect(exitCode).toBe(1);
    expect(stderr).toContain('--host 192.0.2.1 is no address of this machine');
  });

  const wish: ServeWish = {
    model: 'Qwen/Qwen3-8B',
    with: 'vllm',
    port: 0,
    host: undefined,
    tensorParallel: 1,
    maxModelLen: undefined,
    adapter: undefined,
    name: undefined,
    on: 'local',
    cluster: undefined,
    env: undefined,
    save: undefined,
    serverArg: [],
    timeoutS: 1,
    detach: false,
    dryRun: false,
  };

  it.each<[Partial<ServeWish>, RegExp]>([
    [{ model: 'no/such/model' }, /no\/such\/model: there is no such folder/],
    [{ tensorParallel: undefined }, /vLLM needs a GPU, and nvidia-smi finds none here/],
    [{}, /vLLM is not installed: there is no vllm on PATH; pip install vllm .*--env/],
    [{ with: 'llamacpp' }, /llama.cpp is not installed: there is no llama-server on PATH/],
    [{ env: 'nothing' }, /--env nothing: there is no vllm in .*nothing\/bin/],
    [{ on: 'slurm' }, /--on slurm needs --cluster/],
    [{ cluster: 'example' }, /--cluster is for --on slurm/],
    [{ detach: true }, /--detach is for --on slurm/],
    [{ maxModelLen: 50_000 }, /--max-model-len 50000: Qwen\/Qwen3-8B reads 40960 tokens at most/],
    [{ name: 'a/b' }, /--name a\/b: letters, digits/],
    [{ adapter: 'nothing' }, /--adapter nothing: there is no adapter_config.json/],
    [{ save: 'package.json' }, /package.json, line 1: .*endpoints/],
    [
      { on: 'slurm', cluster: 'example', tensorParallel: 8 },
      /--tensor-parallel 8 wants 8 GPUs, and there are 4/,
    ],
  ])('%j is refused', async (over, message) => {
    // No program is found by chance.
    vi.stubEnv('PATH', await temporaryFolder());
    onTestFinished(() => void vi.unstubAllEnvs());
    await expect(planServe({ ...wish, ...over })).rejects.toThrow(message);
  });

  it('a flag that is no number of the right size is named', async () => {
    const { exitCode, stderr } = await startServe([...MODEL, '--port', '70000']).finished;
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^gem-traj: --port 70000: /);
  });
});

describe('--dry-run', () => {
  it('prints the command and the endpoint, and starts nothing', async () => {
    const cwd = await temporaryFolder();
    const args = ['Qwen/Qwen3-32B', '--with', 'vllm', '--server-arg=--enforce-eager', '--dry-run'];
    const { exitCode, stdout } = await startServe(args, { cwd }).finished;
    expect(exitCode).toBe(0);
    await expect(stdout).toMatchFileSnapshot('fixtures/dry-run/vllm-qwen3-32b.txt');
    expect(existsSync(join(cwd, 'served'))).toBe(false);
  });

  it('prints the job of a cluster', async () => {
    const cwd = await temporaryFolder();
    const place = ['--on', 'slurm', '--cluster', 'example'];
    const args = ['Qwen/Qwen3-32B', '--with', 'vllm', ...place, '--dry-run'];
    const { exitCode, stdout } = await startServe(args, { cwd }).finished;
    expect(exitCode).toBe(0);
    const script = stdout.replaceAll(cwd, 'FOLDER');
    await expect(script).toMatchFileSnapshot('fixtures/dry-run/vllm-qwen3-32b.sbatch');
  });
});
