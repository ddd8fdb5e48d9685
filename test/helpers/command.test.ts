import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { runCommand, startCommand } from './command.ts';
import { temporaryFolder } from './temporary.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Writes a program that runs as the command would, and names it in options. */
async function programOf(source: string) {
  const cwd = await temporaryFolder();
  const program = join(cwd, 'program.ts');
  await writeFile(program, source);
  return { cwd, program };
}

test('a command gives its output, its exit code and its folder', async () => {
  const options = await programOf(`
    import { readFileSync } from 'node:fs';
    const input: string = readFileSync(0, 'utf8');
    console.log(JSON.stringify([process.argv.slice(2), input, process.env.COLOUR, process.cwd()]));
    console.error('é', process.env.OPENAI_API_KEY);
    process.exit(3);
  `);
  vi.stubEnv('OPENAI_API_KEY', 'secret');
  const env = { COLOUR: 'green' };
  const result = await runCommand(['a', 'b c'], { ...options, env, input: 'text' });
  expect(result).toMatchObject({ exitCode: 3, signal: null, stderr: 'é undefined\n' });
  expect(JSON.parse(result.stdout)).toEqual([['a', 'b c'], 'text', 'green', options.cwd]);
});

test('a running command can be watched and killed', async () => {
  const options = await programOf(`console.log('ready'); setInterval(() => {}, 1000);`);
  const command = startCommand([], options);
  await vi.waitFor(() => expect(command.output().stdout).toBe('ready\n'), { timeout: 20_000 });
  command.kill('SIGKILL');
  expect(await command.finished).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
});

test('a command that takes too long is an error', async () => {
  const options = await programOf(`setInterval(() => {}, 1000);`);
  const run = runCommand(['synth'], { ...options, timeout: 300 });
  await expect(run).rejects.toThrow(/synth was killed after 300 ms/);
});

describe('a temporary folder', () => {
  let folder: string;

  test('is there, empty', async () => {
    folder = await temporaryFolder();
    expect(await readdir(folder)).toEqual([]);
  });

  test('is gone after its test', () => {
    expect(existsSync(folder)).toBe(false);
  });
});
