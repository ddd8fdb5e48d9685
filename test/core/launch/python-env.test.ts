import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..', '..');

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'python-env-'));
  await cp(join(ROOT, 'scripts', 'python-env'), join(folder, 'scripts', 'python-env'));
  await mkdir(join(folder, 'configs', 'python'), { recursive: true });
  const requirements = '# From another time.\n# python >= 3.99\nnothing==1.0\n';
  await writeFile(join(folder, 'configs', 'python', 'future.txt'), requirements);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each([[['future']], [['future', '--cpu']]])(
  'python-env %j tells a missing Python by its exit code, before anything is installed',
  async (args) => {
    const { exitCode, stderr } = await pythonEnv(args);
    expect(exitCode).toBe(3);
    expect(stderr).toBe(
      'python-env: future needs Python 3.99 or newer, and there is none on PATH or under pyenv',
    );
  },
);

test('python-env refuses other flags, and says what --cpu does', async () => {
  const { exitCode, stderr } = await pythonEnv(['future', '--gpu']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('NAME [--cpu] (one set of pins serves CPUs and GPUs');
});

function pythonEnv(args: readonly string[]) {
  return execa(join(folder, 'scripts', 'python-env'), args, { reject: false });
}
