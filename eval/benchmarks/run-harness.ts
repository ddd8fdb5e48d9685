import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import type { watchInterrupts } from '../../core/interrupts.ts';
import { followFile } from '../../core/launch/follow-file.ts';
import { describeEnding, type Ending, launch } from '../../core/launch/process.ts';
import { packageRoot } from '../../core/package-root.ts';
import { terminal } from '../../core/terminal.ts';
import { parseEvent } from './harness-event.ts';
import { HarnessProgress } from './harness-progress.ts';

export interface HarnessStep {
  /** The Python environment's name, for messages, and its interpreter. */
  environment: string;
  python: string;
  /** The package and the version that is wanted. */
  harness: string;
  version: string;
  /** The categories or domains that are asked of it. */
  categories: string[];
  /** The launcher in python/ and its arguments. */
  script: string;
  args: string[];
  env: Record<string, string | undefined>;
  out: string;
  events: string;
  title: string;
}

type Interrupts = ReturnType<typeof watchInterrupts>;

/** Exit codes of the launchers beside 0: given up by themselves, and not willing to start. */
const GIVEN_UP = 3;
const REFUSED = 4;
/** Answers on their way are not awaited: the tasks they belong to are asked anew. */
const GRACE = { interruptMs: 10_000, terminateMs: 5_000 };

/**
 * Runs one step of a harness to its end, showing how far it is.
 * @throws UsageError when the harness is missing, of another version, or fails
 */
export async function runHarness(
  step: HarnessStep,
  interrupts: Interrupts,
): Promise<HarnessProgress> {
  const before = await stat(step.events).catch(() => undefined);
  const log = join(step.out, 'harness.log');
  const running = await launch({
    argv: [
      step.python,
      join(packageRoot(), 'eval', 'benchmarks', 'python', step.script),
      ...step.args,
    ],
    env: step.env,
    log,
  });
  const stop = () => void running.stop(GRACE);
  if (interrupts.stopping.aborted) stop();
  else interrupts.stopping.addEventListener('abort', stop, { once: true });
  const progress = new HarnessProgress(step.title);
  const over = new AbortController();
  const watching = watch(step.events, before?.size ?? 0, progress, over.signal);
  const ending = await running.ended;
  over.abort();
  await watching;
  interrupts.stopping.removeEventListener('abort', stop);
  requireStarted(step, progress);
  const isClean = ending.exitCode === 0 || ending.exitCode === GIVEN_UP || ending.wasStopped;
  if (!isClean) throw failed(step, ending, log);
  return progress;
}

async function watch(
  events: string,
  from: number,
  progress: HarnessProgress,
  over: AbortSignal,
): Promise<void> {
  for await (const line of followFile(events, over, from)) {
    const event = parseEvent(line);
    if (event !== undefined) progress.add(event);
  }
  progress.end();
  terminal.settle();
}

function requireStarted(
  { harness, version, environment, python, categories }: HarnessStep,
  progress: HarnessProgress,
): void {
  const found = progress.harness;
  if (found === undefined) return;
  if (found.version !== version)
    throw new UsageError(
      `${python} has ${harness} ${found.version}, and ${version} is wanted: scores of two versions do not compare. Run scripts/python-env ${environment}, or name that version`,
    );
  const unknown = categories.filter((category) => !found.categories.includes(category));
  if (unknown.length > 0)
    throw new UsageError(
      `${harness} ${version} has no ${unknown.join(', ')} that runs with an endpoint alone; it has ${found.categories.join(', ')}`,
    );
}

function failed(step: HarnessStep, ending: Ending, log: string): UsageError {
  const missing = ending.lastLines.some((line) => line.startsWith('ModuleNotFoundError'));
  if (missing)
    return new UsageError(
      `${step.python} has no whole ${step.harness} (${ending.lastError.trim()}): run scripts/python-env ${step.environment}`,
    );
  if (ending.exitCode === REFUSED)
    return new UsageError(`${step.harness} refused to start; see ${log}`);
  return new UsageError(`${describeEnding(step.harness, ending)}\nthe whole log: ${log}`);
}
