import vm from 'node:vm';

const context = vm.createContext({ task: undefined });
const script = new vm.Script('task()');

/**
 * Runs a function and stops it, also in the middle of a regular expression, after so many milliseconds of work.
 * Costs about 0.2 ms, so it is for what a static look could not find to be harmless.
 */
export function runWithin<T>(milliseconds: number, task: () => T): { value: T } | 'stopped' {
  for (let tries = 1; ; tries += 1) {
    const before = process.cpuUsage();
    const outcome = runOnce(milliseconds, task);
    if (outcome !== 'stopped' || tries === MOST_TRIES) return outcome;
    const { user, system } = process.cpuUsage(before);
    // On a busy machine the time may have gone to others: then nothing is known of the task.
    if ((user + system) / 1000 > milliseconds / 2) return outcome;
  }
}

const MOST_TRIES = 10;

function runOnce<T>(milliseconds: number, task: () => T): { value: T } | 'stopped' {
  let value: { value: T } | undefined;
  context.task = () => {
    value = { value: task() };
  };
  try {
    script.runInContext(context, { timeout: milliseconds });
  } catch (error) {
    if (isTimeout(error)) return 'stopped';
    throw error;
  } finally {
    context.task = undefined;
  }
  return value ?? 'stopped';
}

/** The error may be of the context's own realm, so that `instanceof Error` does not tell. */
function isTimeout(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  return error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}
