import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { pythonEnv } from '../../core/launch/python.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const MAKE_MODEL = join(ROOT, 'train', 'python', 'make_tiny_qwen3.py');
const START_MS = 180_000;

/** A model server that nobody here wrote, with a model that writes nonsense. */
export interface TransformersServe {
  /** Ends in /v1. */
  url: string;
  /** The only model name that it accepts. */
  model: string;
  close(): Promise<void>;
}

/**
 * Makes a tiny random model in a folder and serves it with `transformers serve` on a free loopback port.
 * Takes about 25 seconds, and on a machine without .venvs/serve the minutes of installing it before.
 */
export async function startTransformersServe(folder: string): Promise<TransformersServe> {
  await execa(join(ROOT, 'scripts', 'python-env'), ['serve']);
  const python = await pythonEnv('serve', ROOT);
  const model = join(folder, 'tiny-model');
  const env = { HF_HUB_OFFLINE: '1', HF_HOME: join(folder, 'hf-home'), OMP_NUM_THREADS: '1' };
  await execa(python, [MAKE_MODEL, model], { env });

  const port = await freePort();
  const program = join(ROOT, '.venvs', 'serve', 'bin', 'transformers');
  const args = ['serve', model, '--device', 'cpu', '--host', '127.0.0.1', '--port', String(port)];
  const child = execa(program, args, { env, all: true, reject: false, forceKillAfterDelay: 5000 });
  const close = async () => {
    child.kill();
    await child;
  };
  const died = child.then(({ all }): never => {
    throw new Error(`transformers serve ended before it was up:\n${all.slice(-2000)}`);
  });
  // Nobody waits for it any more once the server is up.
  died.catch(() => {});
  try {
    await Promise.race([died, healthy(`http://127.0.0.1:${port}/health`)]);
  } catch (error) {
    await close();
    throw error;
  }
  return { url: `http://127.0.0.1:${port}/v1`, model, close };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

async function healthy(url: string): Promise<void> {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline) {
    const response = await fetch(url).catch(() => null);
    if (response?.ok) return;
    await sleep(200);
  }
  throw new Error(`${url} was not up within ${START_MS / 1000} s`);
}
