import { join, resolve } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import { nodeServers } from '../../core/launch/own-servers/node-servers.ts';
import { servedEndpoint } from '../../core/launch/own-servers/plan-servers.ts';
import type { NamedServeConfig } from '../../core/launch/own-servers/serve-config.ts';
import { type OwnServers, startServers } from '../../core/launch/own-servers/start-servers.ts';
import type { NamedEndpoint } from '../../core/llm/endpoint.ts';
import { terminal } from '../../core/terminal.ts';
import type { SynthEnd } from '../synth-job.ts';

/** A run's signals: `stopping` for a clean stop, `aborting` to give up what is on its way. */
interface Signals {
  stopping: AbortSignal;
  aborting: AbortSignal;
}

/** Asks servers: works until it is done, stopped, or its servers are lost. */
type Work = (served: NamedEndpoint, signals: Signals) => Promise<SynthEnd>;

/** So often a run's servers are started again after all of them were lost. */
const STARTS = 3;

/**
 * Does a run's work with model servers of its own. When all of them are lost, they are started again and the work goes
 * on from what it kept.
 * @param folder the run's, which gets the servers' logs
 * @param run what processes that share servers on a node have in common
 * @returns undefined when Ctrl-C came before the servers were up
 * @throws UsageError with a server's own last error where they do not start, or are lost for good
 */
export async function withServers(
  config: NamedServeConfig,
  { folder, run, stopping, aborting }: Signals & { folder: string; run: string },
  work: Work,
): Promise<SynthEnd | undefined> {
  const onNote = (note: string) => terminal.note(note);
  const options = { logs: join(folder, SERVER_LOGS), stopping, onNote };
  for (let start = 1; ; start += 1) {
    const servers = await (config.share === 'node'
      ? nodeServers(config, resolve(run), options)
      : startServers(config, options));
    if (servers === undefined) return undefined;
    const endpoint = await servedEndpoint(config, servers.roots);
    const end = await guarded(servers, endpoint, { stopping, aborting }, work);
    if (end !== LOST) return end;
    if (stopping.aborted) return undefined;
    if (start === STARTS) throw lostForGood(servers.lost.reason);
    onNote('all servers are lost; starting them again');
  }
}

/** The folder in a run's folder for the logs of its own servers. */
const SERVER_LOGS = 'servers';
const LOST = Symbol('lost');

async function guarded(
  servers: OwnServers,
  endpoint: NamedEndpoint,
  { stopping, aborting }: Signals,
  work: Work,
): Promise<SynthEnd | typeof LOST> {
  const { lost } = servers;
  try {
    const end = await work(endpoint, {
      stopping: AbortSignal.any([stopping, lost]),
      aborting: AbortSignal.any([aborting, lost]),
    });
    return lost.aborted && end.manifest.state !== 'finished' ? LOST : end;
  } catch (error) {
    if (lost.aborted) return LOST;
    throw error;
  } finally {
    await servers.stop();
  }
}

function lostForGood(reason: unknown): UsageError {
  const why = reason instanceof Error ? reason.message : String(reason);
  return new UsageError(
    `the servers were lost ${STARTS} times; nothing that was answered is lost: run the same command again when they hold\n${why}`,
    { cause: reason },
  );
}
