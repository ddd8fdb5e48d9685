import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CommandOptions, type RunningCommand, startCommand } from '../helpers/command.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');

/** `gem-traj serve` with these arguments, running. */
export function startServe(args: readonly string[], options: CommandOptions = {}): RunningCommand {
  return startCommand(['serve', ...args], { timeout: 240_000, ...options });
}

/** A Python environment whose `vllm` behaves in one of fake-server.mjs' ways; to be named with --env. */
export async function fakeEnvironment(folder: string, mode: string): Promise<string> {
  const environment = join(folder, `env-${mode}`);
  const program = join(environment, 'bin', 'vllm');
  await mkdir(join(environment, 'bin'), { recursive: true });
  const server = join(FIXTURES, 'fake-server.mjs');
  await writeFile(program, `#!/bin/sh\nexec '${process.execPath}' '${server}' ${mode} "$@"\n`);
  await chmod(program, 0o755);
  return environment;
}

/** Waits until a command has said something on stderr; fails with all it said when it ended before. */
export async function untilSaid(command: RunningCommand, text: string): Promise<void> {
  let ended = false;
  void command.finished.finally(() => {
    ended = true;
  });
  while (!command.output().stderr.includes(text)) {
    if (ended) throw new Error(`it ended without "${text}":\n${command.output().stderr}`);
    await sleep(50);
  }
}
