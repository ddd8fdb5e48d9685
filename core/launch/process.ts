import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, existsSync, type WriteStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { errorCode, errorMessage, UsageError } from '../errors.ts';
import { lastError, lastLines, readEnd } from './last-error.ts';
import { startGuard } from './process-guard.ts';
import { MARK, signalOne, signalTree } from './process-tree.ts';

export interface LaunchOptions {
  /** The program and its arguments; no shell reads them. */
  argv: readonly string[];
  /** The file that gets what the program prints, both streams, appended. Its folder is made. */
  log: string;
  cwd?: string;
  /** Over this program's own environment; `undefined` takes a variable away. */
  env?: Readonly<Record<string, string | undefined>>;
}

/** How a launched process ended. */
export interface Ending {
  /** null when a signal ended it. */
  exitCode: number | null;
  signal: string | null;
  /** Whether it was asked to stop. */
  wasStopped: boolean;
  /** The last 20 lines of what it printed. */
  lastLines: string[];
  /** Its own last error (see lastError). */
  lastError: string;
}

/** How long each step of a stop may take, in milliseconds. */
interface Grace {
  /** From SIGINT to the process, on which trainers save, until SIGTERM to all that came of it. */
  interruptMs: number;
  /** From SIGTERM until SIGKILL. */
  terminateMs: number;
}

/** A process that was launched and runs, until `ended` says how it ended. */
export interface LaunchedProcess {
  pid: number;
  log: string;
  /** Where in the log its own text begins, in bytes. */
  logStart: number;
  /** Never rejects. What the process left running is ended before. */
  ended: Promise<Ending>;
  /** SIGINT, then SIGTERM, then SIGKILL; called again with less grace, the shorter one holds. */
  stop(grace?: Partial<Grace>): Promise<Ending>;
}

const GRACE: Grace = { interruptMs: 60_000, terminateMs: 10_000 };
/** What a program that has ended left behind gets this long to end by itself. */
const LEFT_BEHIND_MS = 3_000;

/**
 * Starts a program in a process group of its own, its output going straight to a file. Nothing of it outlives this
 * program, not even when this program is killed.
 * @throws UsageError when the program or its folder is not there
 */
export async function launch(options: LaunchOptions): Promise<LaunchedProcess> {
  const { argv, log, cwd = process.cwd() } = options;
  if (!existsSync(cwd)) throw new UsageError(`${argv[0]} is to run in ${cwd}, which is not there`);
  const mark = randomUUID();
  await mkdir(dirname(log), { recursive: true });
  const output = createWriteStream(log, { flags: 'a' });
  await once(output, 'open');
  const { size: logStart } = await stat(log);
  const guard = startGuard(mark);
  const child = start(options, cwd, output, mark);
  // The child has the file's descriptor and writes to it by itself.
  output.destroy();
  const { pid } = child;
  if (pid === undefined) {
    guard.dismiss();
    throw notStarted(argv, await child);
  }
  guard.watch(pid);

  let wasStopped = false;
  const endTree = () => void signalTree(pid, mark, 'SIGKILL');
  process.once('exit', endTree);
  const ended = child.then(async (result): Promise<Ending> => {
    await endLeftBehind(pid, mark);
    guard.dismiss();
    process.off('exit', endTree);
    return endingOf(result, wasStopped, await readEnd(log, logStart));
  });
  const stop = async (grace: Partial<Grace> = {}): Promise<Ending> => {
    wasStopped = true;
    return stopTree(pid, mark, ended, { ...GRACE, ...grace });
  };
  return { pid, log, logStart, ended, stop };
}

/** The last words of a process for a message: how it ended, then its own error. */
export function describeEnding(what: string, ending: Ending): string {
  const how = ending.signal === null ? `exit ${ending.exitCode}` : `signal ${ending.signal}`;
  return ending.lastError === ''
    ? `${what} ended (${how}) and said nothing`
    : `${what} ended (${how}); its last error:\n${ending.lastError}`;
}

function start(options: LaunchOptions, cwd: string, output: WriteStream, mark: string) {
  const [program = '', ...args] = options.argv;
  return execa(program, args, {
    cwd,
    // Python holds back what it prints to a file until some kilobytes have come together.
    env: { PYTHONUNBUFFERED: '1', ...options.env, [MARK]: mark },
    stdin: 'ignore',
    stdout: output,
    stderr: output,
    detached: true,
    buffer: false,
    reject: false,
  });
}

function notStarted(argv: readonly string[], result: unknown): UsageError {
  if (errorCode(result) === 'ENOENT')
    return new UsageError(`${argv[0]} is not there: give its path, or install it`, {
      cause: result,
    });
  return new UsageError(`${argv[0]} could not be started: ${errorMessage(result)}`, {
    cause: result,
  });
}

function endingOf(
  { exitCode, signal }: { exitCode?: number | undefined; signal?: string | undefined },
  wasStopped: boolean,
  text: string,
): Ending {
  return {
    exitCode: exitCode ?? null,
    signal: signal ?? null,
    wasStopped,
    lastLines: lastLines(text, 20),
    lastError: lastError(text),
  };
}

async function stopTree(
  pid: number,
  mark: string,
  ended: Promise<Ending>,
  grace: Grace,
): Promise<Ending> {
  const within = async (milliseconds: number): Promise<Ending | undefined> => {
    const waiting = new AbortController();
    const late = sleep(milliseconds, undefined, { signal: waiting.signal }).catch(() => undefined);
    const first = await Promise.race([ended, late]);
    waiting.abort();
    return first;
  };
  if (grace.interruptMs > 0) signalOne(pid, 'SIGINT');
  const saved = await within(grace.interruptMs);
  if (saved !== undefined) return saved;
  signalTree(pid, mark, 'SIGTERM');
  const terminated = await within(grace.terminateMs);
  if (terminated !== undefined) return terminated;
  signalTree(pid, mark, 'SIGKILL');
  return ended;
}

/** Workers whose launcher has died; they get SIGTERM, then SIGKILL. */
async function endLeftBehind(pid: number, mark: string): Promise<void> {
  const deadline = Date.now() + LEFT_BEHIND_MS;
  while (signalTree(pid, mark, 'SIGTERM') > 0) {
    if (Date.now() > deadline) {
      signalTree(pid, mark, 'SIGKILL');
      return;
    }
    await sleep(100);
  }
}
