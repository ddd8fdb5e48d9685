import { join, relative } from 'node:path';
import { execa } from 'execa';
import { bashCommand } from '../../core/launch/bash-words.ts';
import { packageRoot } from '../../core/package-root.ts';

const ROOT = packageRoot();
const running = new Set<Child>();
let stopped = false;

/** A command that runs; the promise never rejects. */
type Child = ReturnType<typeof spawned>;

/** A command that ended badly, or was asked to stop. */
export class CommandEnded extends Error {
  readonly wasStopped: boolean;

  constructor(message: string, wasStopped: boolean) {
    super(message);
    this.wasStopped = wasStopped;
  }
}

/** Prints a `gem-traj` command as a reader would type it, and runs it. @throws CommandEnded */
export async function gemTraj(args: readonly string[]): Promise<void> {
  await ended(startGemTraj(args), `gem-traj ${args[0]}`);
}

/** As gemTraj, left running. */
export function startGemTraj(args: readonly string[]): Child {
  print(['npx', 'tsx', 'scripts/gem-traj.ts', ...args]);
  return start([process.execPath, '--import', 'tsx', join('scripts', 'gem-traj.ts'), ...args]);
}

/** As gemTraj, a script of this repository. */
export async function script(...argv: readonly string[]): Promise<void> {
  print(argv);
  await ended(start(argv), argv.join(' '));
}

/** A path as a reader would type it: below the repository, where the commands run. */
export function typed(path: string): string {
  const below = relative(ROOT, path);
  if (below.startsWith('..')) return path;
  // A word without a slash would be the name of a run.
  return below.includes('/') ? below : `./${below}`;
}

/**
 * Hands a request to stop on to the commands that run. On a terminal Ctrl-C has reached them already, and a second one
 * would end them without saving.
 */
export function passSignalsOn(): void {
  const onSignal = (signal: NodeJS.Signals) => {
    stopped = true;
    if (signal === 'SIGINT' && process.stdin.isTTY) return;
    for (const child of running) child.kill('SIGINT');
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}

function start(argv: readonly string[]): Child {
  const child = spawned(argv);
  running.add(child);
  void child.finally(() => running.delete(child));
  return child;
}

function spawned([program = '', ...args]: readonly string[]) {
  return execa(program, args, {
    cwd: ROOT,
    stdio: 'inherit',
    reject: false,
    // Threads that wait by turning take the cores from everything else on the machine.
    env: { OMP_WAIT_POLICY: 'passive' },
  });
}

async function ended(child: Child, what: string): Promise<void> {
  const { exitCode, failed } = await child;
  if (stopped) throw new CommandEnded('stopped', true);
  if (!failed) return;
  throw new CommandEnded(`${what} ended with ${exitCode ?? 'a signal'}`, exitCode === 130);
}

function print(argv: readonly string[]): void {
  process.stdout.write(`$ ${bashCommand(argv)}\n`);
}
