import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

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
  const { program = PROGRAM, cwd = process.cwd(), input = '', timeout = 60_000 } = options;
  const child = execa(process.execPath, ['--import', TSX, program, ...args], {
    cwd,
    input,
    env: environment(options.env),
    extendEnv: false,
    timeout,
    killSignal: 'SIGKILL',
    reject: false,
    buffer: false,
  });
  if (child.pid === undefined) throw new Error(`${program} could not be started`);
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  const output = () => ({ stdout: stdout(), stderr: stderr() });
  const finished = child.then(({ exitCode = null, signal = null, timedOut }) => {
    if (!timedOut) return { ...output(), exitCode, signal };
    throw new Error(
      `gem-traj ${args.join(' ')} was killed after ${timeout} ms; it printed:\n${stdout()}\n${stderr()}`,
    );
  });
  return { pid: child.pid, output, kill: (signal) => void child.kill(signal), finished };
}

/** The environment without what would change a test's outcome from one machine to another. */
function environment(over: Record<string, string | undefined> = {}): Record<string, string> {
  const foreign = /^(OPENAI_|FORCE_COLOR$|VITEST|NODE_OPTIONS$)/;
  const inherited = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  const all = { NO_COLOR: '1', ...Object.fromEntries(inherited), ...over };
  const isSet = (entry: [string, string | undefined]): entry is [string, string] =>
    entry[1] !== undefined;
  return Object.fromEntries(Object.entries(all).filter(isSet));
}

/** Gathers a stream; the function returned gives its text so far. */
function collect(stream: Readable): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}
