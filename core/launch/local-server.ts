import { UsageError } from '../errors.ts';
import { followFile } from './follow-file.ts';
import { describeEnding, launch } from './process.ts';
import type { RunningServer } from './running-server.ts';
import type { ServerPlan } from './servers/plan.ts';

/** Uvicorn finishes its requests on SIGINT; what is not gone then is ended. */
const GRACE = { interruptMs: 10_000, terminateMs: 5_000 };

/**
 * Starts a server on this machine. `onLine` gets what it prints.
 * @throws UsageError when the program is not there
 */
export async function startLocalServer(
  plan: ServerPlan,
  {
    host,
    port,
    log,
    onLine,
  }: { host: string; port: number; log: string; onLine: (line: string) => void },
): Promise<RunningServer> {
  const argv = plan.argv.map((word) => {
    if (typeof word === 'string') return word;
    throw new Error(`bash is not there to read ${word.bash}`);
  });
  const server = await launch({ argv, env: plan.env, log });
  const over = new AbortController();
  const passing = pass(followFile(log, over.signal, server.logStart), onLine);
  server.ended.then((ending) =>
    over.abort(new UsageError(`${describeEnding('the server', ending)}\nits log: ${log}`)),
  );
  const stop = async () => {
    await server.stop(GRACE);
    await passing;
  };
  const shown = host === '0.0.0.0' ? '127.0.0.1' : host;
  return { root: `http://${shown}:${port}`, over: over.signal, stop };
}

/** Hands lines on until there are no more. */
export async function pass(
  lines: AsyncIterable<string>,
  onLine: (line: string) => void,
): Promise<void> {
  for await (const line of lines) if (line.trim() !== '') onLine(line);
}
