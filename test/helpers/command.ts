import { fileURLToPath } from 'node:url';
import { execa, type ResultPromise } from 'execa';

const PROGRAM = fileURLToPath(new URL('../../scripts/gem-traj.ts', import.meta.url));
// An absolute URL: node looks for a bare name from the child's folder.
const TSX = import.meta.resolve('tsx');

export interface CommandOptions {
  /** Added to the environment; `undefined` takes a variable away. */
  env?: Record<string, string | undefined>;
  cwd?: string;
  /** Its standard input; none unless given. */
  input?: string | Uint8Array;
  /** Milliseconds until the child is killed and the promise rejects; 60 s unless given. */
  timeout?: number;
  /** The program, instead of scripts/gem-traj.ts. */
  program?: string;
}

export interface CommandResult {
  stdout: string;
  stderr: string;
  /** null when a signal ended it. */
  exitCode: number | null;
  signal: string | null;
}

/** A command that is still running. */
export interface RunningCommand {
  pid: number;
  /** What it has printed so far. */
  output(): { stdout: string; stderr: string };
  kill(signal: NodeJS.Signals): void;
  finished: Promise<CommandResult>;
}

/**
 * Runs the command from source in a process of its own, without the caller's OPENAI_ variables. Resolves
 * whatever the exit code is; rejects when it could not be started or took too long.
 */
export async function runCommand(
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return startCommand(args, options).finished;
}

/** Starts the command as runCommand does and leaves it running, to be killed or watched. */
export function startCommand(
  args: readonly string[],
  options: CommandOptions = {},
): RunningCommand {
  const { program = PROGRAM, cwd, input, timeout = 60_000 } = options;
  const child = execa(process.execPath, ['--import', TSX, program, ...args], {
    ...(cwd === undefined ? {} : { cwd }),
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
    env: environment(options.env),
    extendEnv: false,
    timeout,
    reject: false,
    stripFinalNewline: false,
    forceKillAfterDelay: 1000,
  });
  const output = collect(child);
  if (child.pid === undefined) throw new Error(`${program} could not be started`);
  return {
    pid: child.pid,
    output: () => ({ ...output }),
    kill: (signal) => void child.kill(signal),
    finished: finish(child, args),
  };
}

function environment(over: Record<string, string | undefined> = {}): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(OPENAI_|FORCE_COLOR|VITEST|NODE_OPTIONS)/.test(name),
  );
  const all = { NO_COLOR: '1', ...Object.fromEntries(inherited), ...over };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function collect(child: ResultPromise): { stdout: string; stderr: string } {
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => {
    output.stdout += chunk.toString('utf8');
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    output.stderr += chunk.toString('utf8');
  });
  return output;
}

async function finish(
  child: ResultPromise<{ reject: false }>,
  args: readonly string[],
): Promise<CommandResult> {
  const { stdout, stderr, exitCode, signal, timedOut, durationMs } = await child;
  if (timedOut) {
    throw new Error(
      `gem-traj ${args.join(' ')} was killed after ${Math.round(durationMs)} ms; it printed:\n${stdout}\n${stderr}`,
    );
  }
  return {
    stdout: String(stdout),
    stderr: String(stderr),
    exitCode: exitCode ?? null,
    signal: signal ?? null,
  };
}
