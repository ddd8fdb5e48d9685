import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { watchInterrupts } from '../core/interrupts.ts';
import { bashCommand, bashWord } from '../core/launch/bash-words.ts';
import type { NamedCluster } from '../core/launch/cluster.ts';
import { startLocalServer } from '../core/launch/local-server.ts';
import { type RunningServer, stopAfter } from '../core/launch/running-server.ts';
import { sbatchScript } from '../core/launch/sbatch-script.ts';
import {
  type EndpointEntry,
  endpointEntry,
  printEndpoint,
  saveEndpoint,
} from '../core/launch/server-endpoint.ts';
import { firstAnswer, untilHealthy } from '../core/launch/server-health.ts';
import type { ServerPlan, ServerRequest } from '../core/launch/servers/plan.ts';
import type { SlurmJob } from '../core/launch/slurm-job.ts';
import { serverJob, startSlurmServer } from '../core/launch/slurm-server.ts';
import { Endpoint } from '../core/llm/endpoint.ts';
import { terminal } from '../core/terminal.ts';

/** A server that is to run, planned as a whole. */
export interface ServeJob {
  plan: ServerPlan;
  request: ServerRequest;
  /** The endpoint's name. */
  name: string;
  /** The endpoints file; log and script lie beside it. */
  save: string;
  timeoutMs: number;
  port: number;
  place: { on: 'local' } | { on: 'slurm'; cluster: NamedCluster; detach: boolean };
}

/** Prints what would be started, and starts nothing. */
export function printServe(job: ServeJob): void {
  for (const note of job.plan.notes) terminal.note(note);
  if (job.place.on === 'slurm') {
    terminal.print(sbatchScript(slurmJob(job, job.place.cluster)).trimEnd());
    return;
  }
  const settings = Object.entries(job.plan.env).map(
    ([name, value]) => `${name}=${bashWord(value)} `,
  );
  terminal.print(`${settings.join('')}${bashCommand(job.plan.argv)}`);
  terminal.print();
  terminal.print(
    printEndpoint(job.name, entryAt(`http://127.0.0.1:${job.port || 'PORT'}`, job)).trimEnd(),
  );
}

/**
 * Starts a server, waits until it is healthy, proves that it answers, prints and saves its endpoint, and runs until
 * Ctrl-C. The exit code is 130 when that comes before the server is up.
 * @throws UsageError with the server's own last error when it ends by itself or does not answer
 */
export async function serve(job: ServeJob): Promise<void> {
  const interrupts = watchInterrupts({
    first: 'stopping the server',
    second: 'still stopping the server',
  });
  const { stopping } = interrupts;
  try {
    for (const note of job.plan.notes) terminal.note(note);
    await mkdir(dirname(job.save), { recursive: true });
    const server = await start(job, stopping);
    if (server === undefined) {
      process.exitCode = 130;
      return;
    }
    const isDetached = await up(job, server, stopping).catch((error: unknown) =>
      stopAfter(error, server),
    );
    if (isDetached) return;
    await server.stop();
    terminal.note('the server is stopped');
  } finally {
    interrupts.forget();
  }
}

async function start(
  job: ServeJob,
  stopping: AbortSignal,
): Promise<(RunningServer & { job?: string }) | undefined> {
  const onLine = (line: string) => terminal.note(`  ${line}`);
  const { place, plan, request, save } = job;
  if (place.on === 'local') {
    const log = join(dirname(save), `${job.name}.log`);
    terminal.note(`starting ${bashCommand(plan.argv)}\nits log: ${log}`);
    return startLocalServer(plan, { host: request.host, port: job.port, log, onLine });
  }
  return startSlurmServer(slurmJob(job, place.cluster), {
    stopping,
    onLine,
    onState: ({ id, state, reason, nodes }) => {
      const where = nodes === '' ? '' : ` on ${nodes}`;
      terminal.note(`job ${id}: ${state}${reason === '' ? '' : ` (${reason})`}${where}`);
    },
  });
}

/** Until Ctrl-C. True when the server is to be left running. */
async function up(
  job: ServeJob,
  server: RunningServer & { job?: string },
  stopping: AbortSignal,
): Promise<boolean> {
  const { over } = server;
  if (!(await untilHealthy(server.root, { over, stopping, timeoutMs: job.timeoutMs }))) {
    process.exitCode = 130;
    return false;
  }
  const entry = entryAt(server.root, job);
  const endpoint = { ...Endpoint.parse(entry), name: job.name };
  const answer = await firstAnswer(endpoint, { over, stopping });
  if (answer === undefined) {
    process.exitCode = 130;
    return false;
  }
  const { text, completionTokens, seconds } = answer;
  terminal.note(
    `it answers: ${JSON.stringify(text)} (${completionTokens} tokens in ${seconds.toFixed(1)} s)`,
  );
  await saveEndpoint(job.save, job.name, entry);
  terminal.print(printEndpoint(job.name, entry).trimEnd());
  terminal.note(
    `saved; other commands reach it with --endpoints ${job.save} --endpoint ${job.name}`,
  );
  if (job.place.on === 'slurm' && job.place.detach) {
    terminal.note(`job ${server.job} goes on; scancel ${server.job} ends it`);
    return true;
  }
  terminal.note('Ctrl-C ends it');
  await aborted(AbortSignal.any([over, stopping]));
  over.throwIfAborted();
  return false;
}

function slurmJob({ plan, name, save, port, request }: ServeJob, cluster: NamedCluster): SlurmJob {
  const gpus = cluster.gpus_per_node === 0 ? 0 : request.tensorParallel;
  return serverJob(plan, { name, folder: resolve(dirname(save)), cluster, port, gpus });
}

function entryAt(root: string, { plan, request }: ServeJob): EndpointEntry {
  return endpointEntry(root, plan, request);
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((done) => signal.addEventListener('abort', () => done(), { once: true }));
}
