import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { packageRoot } from '../../../core/package-root.ts';
import { type CommandResult, runCommand } from '../../helpers/command.ts';

const PROGRAM = fileURLToPath(new URL('fixtures/program.ts', import.meta.url));

/** The interpreter of a harness, installed first where it is not. */
export async function installed(environment: string): Promise<string> {
  await execa(join(packageRoot(), 'scripts', 'python-env'), [environment]);
  return join(packageRoot(), '.venvs', environment, 'bin', 'python');
}

/** Runs a benchmark command with an endpoints file of these URLs; their keys are `key-of-NAME`. */
export async function bench(
  folder: string,
  urls: Record<string, string>,
  args: readonly string[],
): Promise<CommandResult> {
  const endpoints = Object.entries(urls).map(([name, url]) => [
    name,
    { base_url: url, model: `model-${name}`, api_key_env: keyName(name), timeout_s: 30 },
  ]);
  const file = join(folder, 'endpoints.yaml');
  await writeFile(file, stringify({ endpoints: Object.fromEntries(endpoints) }));
  const keys = Object.keys(urls).map((name) => [keyName(name), `key-of-${name}`]);
  return runCommand([...args, '--endpoints', file], {
    program: PROGRAM,
    cwd: packageRoot(),
    env: Object.fromEntries(keys),
    timeout: 300_000,
  });
}

/** What `gem-traj report` says of a folder that holds a harness's folder. @throws where it does not make one */
export async function reportOf(folder: string): Promise<string> {
  const { exitCode, stderr } = await runCommand(['report', folder]);
  if (exitCode !== 0) throw new Error(stderr);
  return readFile(join(folder, 'report.md'), 'utf8');
}

function keyName(name: string): string {
  return `TEST_KEY_OF_${name.toUpperCase()}`;
}
