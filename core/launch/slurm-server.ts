import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorMessage, UsageError } from '../errors.ts';
import type { Cluster } from './cluster.ts';
import { followFile } from './follow-file.ts';
import { lastError, readEnd } from './last-error.ts';
import { pass } from './local-server.ts';
import { type RunningServer, stopAfter } from './running-server.ts';
import type { ServerPlan } from './servers/plan.ts';
import { submitJob } from './slurm-client.ts';
import { jobLog, type SlurmJob } from './slurm-job.ts';
import type { JobState } from './slurm-parse.ts';
import { followJob, UnknownJob } from './slurm-states.ts';
import { stopJob } from './slurm-stop.ts';

/** A server has nothing to save. */
const STOP_MS = 15_000;

/** How the port reaches the server's command: the node chooses it. */
export const NODE_PORT = { bash: '"$PORT"' };

/** The job that runs a server on one node of a cluster; it is not put back into the queue, since its address would change. */
export function serverJob(
  plan: ServerPlan,
  job: { name: string; folder: string; cluster: Cluster; gpus: number; port: number },
): SlurmJob {
  const { name, folder, cluster, gpus, port } = job;
  return {
    name,
    cluster,
    folder,
    cwd: folder,
    command: plan.argv,
    before: [...choosePort(port), ...writeAddress(name)],
    env: plan.env,
    gpusPerNode: gpus,
    requeue: false,
  };
}

/**
 * Submits the job, waits until it runs and says where. `onState` gets each change, `onLine` what the server prints.
 * Undefined when Ctrl-C came first; the job is cancelled then, as it is when something else fails.
 * @throws UsageError when Slurm refuses the job or does not answer, or the job ends before it says where it runs
 */
export async function startSlurmServer(
  job: SlurmJob,
  {
    stopping,
    onState,
    onLine,
  }: { stopping: AbortSignal; onState: (state: JobState) => void; onLine: (line: string) => void },
): Promise<(RunningServer & { job: string }) | undefined> {
  const { id } = await submitJob(job);
  const log = join(job.folder, jobLog(job.name, id));
  const over = new AbortController();
  const unwatched = new AbortController();
  const following = follow(id, job, onState, unwatched.signal).then(
    async (state) => over.abort(await whyOver(state, log)),
    (error: unknown) => over.abort(error),
  );
  const passing = pass(followFile(log, over.signal), onLine);
  const stop = async () => {
    await stopJob(id, job, STOP_MS).catch((cause: unknown) => {
      // Following would keep this program from ending.
      unwatched.abort();
      if (!(cause instanceof UnknownJob)) throw notStopped(id, cause);
    });
    await following;
    await passing;
  };
  const path = join(job.folder, addressFile(job.name, id));
  const address = await untilAddress(path, over.signal, stopping).catch((error: unknown) =>
    stopAfter(error, { stop }),
  );
  if (address === undefined) {
    await stop();
    return undefined;
  }
  return { root: `http://${address}`, over: over.signal, stop, job: id };
}

async function follow(
  id: string,
  job: SlurmJob,
  onState: (state: JobState) => void,
  until: AbortSignal,
): Promise<JobState | undefined> {
  let last: JobState | undefined;
  for await (const [state] of followJob(id, job, { until })) {
    if (state !== undefined) onState(state);
    last = state;
  }
  return last;
}

async function whyOver(state: JobState | undefined, log: string): Promise<UsageError> {
  const reason = state?.reason ? `, ${state.reason}` : '';
  const said = lastError(await readEnd(log));
  const how = `job ${state?.id} is over (${state?.state}${reason}, exit ${state?.exitCode})`;
  return new UsageError(
    said === ''
      ? `${how}; it wrote no log at ${log}`
      : `${how}; its last error:\n${said}\nits log: ${log}`,
  );
}

function notStopped(id: string, cause: unknown): UsageError {
  return new UsageError(
    `job ${id} could not be stopped, and may wait or run: scancel ${id} ends it (${errorMessage(cause)})`,
    { cause },
  );
}

async function untilAddress(
  path: string,
  over: AbortSignal,
  stopping: AbortSignal,
): Promise<string | undefined> {
  const either = AbortSignal.any([over, stopping]);
  for (;;) {
    const address = (await readEnd(path)).trim();
    if (address !== '') return address;
    over.throwIfAborted();
    if (stopping.aborted) return undefined;
    await sleep(500, undefined, { signal: either }).catch(() => {});
  }
}

function addressFile(name: string, id: string): string {
  return `${name}-${id}.address`;
}

function choosePort(port: number): string[] {
  if (port !== 0) return [`export PORT=${port}`];
  return [
    '# A port of this node that nothing listens on',
    'while PORT=$((20000 + RANDOM % 12000)); (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null; do :; done',
    'export PORT',
  ];
}

/** By a rename: whoever waits for it sees the whole line or nothing. */
function writeAddress(name: string): string[] {
  const file = addressFile(name, '$SLURM_JOB_ID');
  return [
    '# Where it runs, for gem-traj',
    `echo "$(hostname):$PORT" >"${file}.new" && mv "${file}.new" "${file}"`,
  ];
}
