import { join } from 'node:path';
import { errorMessage } from '../../errors.ts';
import { startLocalServer } from '../local-server.ts';
import type { RunningServer } from '../running-server.ts';
import { untilHealthy } from '../server-health.ts';
import { OWN_HOST, type PlannedServer, planServers } from './plan-servers.ts';
import type { NamedServeConfig } from './serve-config.ts';

/** Servers that a run has for itself. */
export interface OwnServers {
  /** `http://HOST:PORT` of each that was healthy at the start. */
  roots: string[];
  /** Aborted when none is left, with the last one's own error. */
  lost: AbortSignal;
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Gets a log of each server. */
  logs: string;
  /** Ctrl-C. */
  stopping: AbortSignal;
  onNote: (note: string) => void;
}

/**
 * Starts a run's own servers and waits until they are healthy. One that does not start, or that ends later, is told of
 * and left out while another lives.
 * @returns undefined when Ctrl-C came first
 * @throws UsageError with a server's own last error where none of them starts
 */
export async function startServers(
  config: NamedServeConfig,
  options: StartOptions,
): Promise<OwnServers | undefined> {
  const planned = await planServers(config);
  const started: RunningServer[] = [];
  const stop = async () => {
    await Promise.all(started.map((server) => server.stop()));
  };
  try {
    for (const [at, server] of planned.entries())
      started.push(await startOne(config, server, at + 1, options));
    const up = await healthy(config, started, options);
    if (up === undefined) {
      await stop();
      return undefined;
    }
    const watch = watchLoss(up, options.onNote);
    const stopAll = async () => {
      watch.end();
      await stop();
    };
    return { roots: up.map(({ root }) => root), lost: watch.lost, stop: stopAll };
  } catch (error) {
    await stop();
    throw error;
  }
}

function startOne(
  { name }: NamedServeConfig,
  { plan, port }: PlannedServer,
  number: number,
  { logs, onNote }: StartOptions,
): Promise<RunningServer> {
  const log = join(logs, `${name}-${number}.log`);
  onNote(`starting server ${number} of ${name} on port ${port}; its log: ${log}`);
  return startLocalServer(plan, { host: OWN_HOST, port, log, onLine: () => {} });
}

/** Those that come up; undefined when Ctrl-C came first. */
async function healthy(
  { timeout_s: seconds }: NamedServeConfig,
  servers: RunningServer[],
  { stopping, onNote }: StartOptions,
): Promise<RunningServer[] | undefined> {
  const waits = servers.map(({ root, over }) =>
    untilHealthy(root, { over, stopping, timeoutMs: seconds * 1000 }),
  );
  const ends = await Promise.allSettled(waits);
  if (stopping.aborted) return undefined;
  const failures = ends.filter((end) => end.status === 'rejected');
  if (failures[0] !== undefined && failures.length === servers.length) throw failures[0].reason;
  for (const { reason } of failures) onNote(`a server does without: ${errorMessage(reason)}`);
  return servers.filter((_, at) => ends[at]?.status === 'fulfilled');
}

/** Tells of each server that ends before it is told to. */
function watchLoss(servers: readonly RunningServer[], onNote: (note: string) => void) {
  const lost = new AbortController();
  let left = servers.length;
  let isEnding = false;
  for (const { root, over } of servers) {
    const onOver = () => {
      if (isEnding) return;
      left -= 1;
      if (left === 0) lost.abort(over.reason);
      else onNote(`the server at ${root} is lost, ${left} go on: ${errorMessage(over.reason)}`);
    };
    if (over.aborted) onOver();
    else over.addEventListener('abort', onOver, { once: true });
  }
  const end = () => {
    isEnding = true;
  };
  return { lost: lost.signal, end };
}
