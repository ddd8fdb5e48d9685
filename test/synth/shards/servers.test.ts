import { chmod, copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { nodeServers } from '../../../core/launch/own-servers/node-servers.ts';
import {
  type NamedServeConfig,
  readServeConfig,
  ServeConfig,
} from '../../../core/launch/own-servers/serve-config.ts';
import { startServers } from '../../../core/launch/own-servers/start-servers.ts';
import { packageRoot } from '../../../core/package-root.ts';
import { withServers } from '../../../synth/shards/with-servers.ts';
import type { SynthEnd } from '../../../synth/synth-job.ts';
import { startCommand } from '../../helpers/command.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { fakeEnvironment } from '../../train/serve-jobs.ts';
import { CORPUS, manifestOf } from '../commands/jobs.ts';

const NEVER = new AbortController().signal;

describe("a run's own servers", () => {
  it('go on without one that does not start, and say so', async () => {
    const { config, logs, notes, onNote } = await fakes('half');
    const servers = await startServers(config, { logs, stopping: NEVER, onNote });
    expect(servers?.roots).toHaveLength(1);
    expect(notes.join('\n')).toMatch(/a server does without: .*no kernel for this GPU/s);
    await servers?.stop();
    expect(servers?.lost.aborted).toBe(false);
  });

  it('are an error with their own words where none starts', async () => {
    const { config, logs, onNote } = await fakes('dies');
    await expect(startServers(config, { logs, stopping: NEVER, onNote })).rejects.toThrow(
      /no kernel for this GPU[\s\S]*its log: .*fake-\d.log/,
    );
  });

  it('are lost when the last of them is, and then started again for the work to go on', async () => {
    const { config, logs } = await fakes('dies-later');
    const roots: string[][] = [];
    const signals = { stopping: NEVER, aborting: NEVER };
    const end = await withServers(
      config,
      { folder: logs, run: logs, ...signals },
      async (endpoint, { stopping }) => {
        const urls = [endpoint.base_url].flat();
        roots.push(urls);
        if (roots.length === 2) return ended('finished');
        // Each ends soon after it has answered once.
        for (const url of urls) await fetch(`${url}/chat/completions`, { method: 'POST' });
        await new Promise((resolve) => stopping.addEventListener('abort', resolve));
        return ended('stopped');
      },
    );
    expect(end?.manifest.state).toBe('finished');
    expect(roots.map((urls) => urls.length)).toEqual([2, 2]);
  });

  it('are given up when they are lost again and again', async () => {
    const { config, logs } = await fakes('dies-later');
    const signals = { stopping: NEVER, aborting: NEVER };
    const run = withServers(
      config,
      { folder: logs, run: logs, ...signals },
      async (endpoint, { stopping }) => {
        for (const url of [endpoint.base_url].flat())
          await fetch(`${url}/chat/completions`, { method: 'POST' });
        await new Promise((resolve) => stopping.addEventListener('abort', resolve));
        throw new Error('no server answers');
      },
    );
    await expect(run).rejects.toThrow(/lost 3 times; nothing that was answered is lost/);
  });

  it('one of two that is killed is set aside, and the run ends as it should', async () => {
    const home = await temporaryFolder();
    const { file, program } = await taught(home);
    const run = join(home, 'run');
    const env = {
      GEM_TRAJ_NODE: process.execPath,
      GEM_TRAJ_TSX: import.meta.resolve('tsx'),
      GEM_TRAJ_PROGRAM: join(packageRoot(), 'scripts', 'gem-traj.ts'),
    };
    const args = ['--input', CORPUS, '--limit', '30', '--run', run, '--serve', file];
    const command = startCommand(['synth', ...args], { env, timeout: 180_000 });
    while (!command.output().stderr.includes('passages')) await sleep(20);
    const pids = (await readdir(join(program, '..'))).filter((name) => name.endsWith('.pid'));
    expect(pids).toHaveLength(2);
    process.kill(Number(await readFile(join(program, '..', pids[0] ?? ''), 'utf8')), 'SIGKILL');
    const { exitCode, stderr } = await command.finished;
    expect(stderr).toMatch(/the server at http:\S+ is lost, 1 go on/);
    expect(exitCode).toBe(0);
    const manifest = await manifestOf(run);
    expect(manifest).toMatchObject({ state: 'finished', failed_passages: 0, offline: false });
    expect(manifest.funnel.passages).toBe(30);
  }, 240_000);
});

describe('servers that processes share on a node', () => {
  it('are started once, kept while one uses them, and started anew by the next after that', async () => {
    const { config, logs, onNote } = await fakes('well');
    const options = { logs, stopping: NEVER, onNote };
    const first = await nodeServers(config, logs, options);
    const second = await nodeServers(config, logs, options);
    expect(second?.roots).toEqual(first?.roots);
    let isStopped = false;
    const stopped = first?.stop().then(() => {
      isStopped = true;
    });
    await sleep(300);
    expect(isStopped).toBe(false);
    expect((await fetch(`${second?.roots[0]}/health`)).ok).toBe(true);
    await second?.stop();
    await stopped;
    await expect(fetch(`${second?.roots[0]}/health`)).rejects.toThrow();
    const third = await nodeServers(config, logs, options);
    expect(third?.roots).not.toEqual(first?.roots);
    await third?.stop();
  });

  it('are left at once by who is asked to end', async () => {
    const { config, logs, onNote } = await fakes('well');
    const stopping = new AbortController();
    const first = await nodeServers(config, logs, { logs, stopping: stopping.signal, onNote });
    const second = await nodeServers(config, logs, { logs, stopping: NEVER, onNote });
    stopping.abort();
    await first?.stop();
    await expect(fetch(`${second?.roots[0]}/health`)).rejects.toThrow();
    await second?.stop();
  });
});

describe('--serve', () => {
  it('names the file, the line and the key that are wrong', async () => {
    const home = await temporaryFolder();
    const file = join(home, 'mine.yaml');
    await writeFile(file, 'model: Qwen/Qwen3-8B\nwith: vllm\ntensor_paralel: 2\n');
    await expect(readServeConfig(file)).rejects.toThrow(/mine\.yaml.*tensor_paralel/s);
    await expect(readServeConfig('nothing')).rejects.toThrow(
      /--serve nothing: there is no such file/,
    );
    expect((await readServeConfig('vllm')).model).toBe('Qwen/Qwen3-32B');
  });
});

/** Two servers that behave in one of fake-server.mjs' ways; `half`: the second one dies at once. */
async function fakes(mode: string) {
  const logs = await temporaryFolder();
  const env = await fakeEnvironment(logs, mode === 'half' ? 'well' : mode);
  if (mode === 'half') await breakSecond(join(env, 'bin', 'vllm'));
  const settings = { model: 'Qwen/Qwen3-8B', with: 'vllm', tensor_parallel: 1, replicas: 2, env };
  const share = mode === 'well' ? 'node' : 'none';
  const parsed = ServeConfig.parse({ ...settings, share, timeout_s: 60 });
  const config: NamedServeConfig = { ...parsed, name: 'fake', file: 'fake.yaml' };
  const notes: string[] = [];
  return { config, logs, notes, onNote: (note: string) => notes.push(note) };
}

async function breakSecond(program: string): Promise<void> {
  const text = await readFile(program, 'utf8');
  const once = `if ! mkdir "$0.once" 2>/dev/null; then set -- dies "$@"; else set -- well "$@"; fi`;
  await writeFile(
    program,
    text.replace('exec', `${once}\nexec`).replace(' well "$@"\n', ' "$@"\n'),
  );
}

async function taught(home: string): Promise<{ file: string; program: string }> {
  const program = join(home, 'env', 'bin', 'llama-server');
  await mkdir(join(program, '..'), { recursive: true });
  await copyFile(join(import.meta.dirname, 'fixtures', 'taught-server.sh'), program);
  await chmod(program, 0o755);
  await writeFile(join(home, 'model.gguf'), 'GGUF');
  const file = join(home, 'own.yaml');
  const lines = ['model: model.gguf', 'with: llamacpp', 'name: offline-teacher', 'replicas: 2'];
  const text = [...lines, `env: ${join(home, 'env')}`, ''].join('\n');
  await writeFile(file, text.replace('model.gguf', join(home, 'model.gguf')));
  return { file, program };
}

function ended(state: 'finished' | 'stopped'): SynthEnd {
  // Only the state is looked at.
  return { manifest: { state } } as unknown as SynthEnd;
}
