import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test, vi } from 'vitest';
import { UsageError } from '../../../core/errors.ts';
import { pythonEnv } from '../../../core/launch/python.ts';
import { packageRoot } from '../../../core/package-root.ts';

test('an environment that was not made says how to make it', async () => {
  const finding = pythonEnv('nothing', tmpdir());
  await expect(finding).rejects.toThrow(UsageError);
  await expect(finding).rejects.toThrow('run scripts/python-env nothing');
});

test('one is looked for here, then in the package, where its script is', async () => {
  const folder = join(tmpdir(), 'elsewhere');
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
  onTestFinished(() => void vi.restoreAllMocks());
  const root = packageRoot();
  const places = [folder, root].map((each) => join(each, '.venvs', 'nothing', 'bin', 'python'));
  await expect(pythonEnv('nothing')).rejects.toThrow(
    `(${places.join(', ')}): run ${join(root, 'scripts', 'python-env')} nothing`,
  );
});

test('the script refuses a name without requirements and lists those there are', async () => {
  const script = join(import.meta.dirname, '..', '..', '..', 'scripts', 'python-env');
  const { exitCode, stderr } = await execa(script, ['nothing'], { reject: false });
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^usage: scripts\/python-env NAME.* configs\/python\/interop\.txt/);
});
