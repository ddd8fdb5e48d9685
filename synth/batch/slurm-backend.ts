import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import { bashWord } from '../../core/launch/bash-words.ts';
import type { NamedCluster } from '../../core/launch/cluster.ts';
import { lastError, readEnd } from '../../core/launch/last-error.ts';
import { sbatchScript } from '../../core/launch/sbatch-script.ts';
import { cancelJob, SlurmUnreachable, slurm, submitJob } from '../../core/launch/slurm-client.ts';
import { jobLog, type SlurmJob } from '../../core/launch/slurm-job.ts';
import { type JobState, parseJob } from '../../core/launch/slurm-parse.ts';
import { followJob, UnknownJob } from '../../core/launch/slurm-states.ts';
import type { BatchLimits } from '../../core/llm/batch-terms.ts';
import type { NamedEndpoint } from '../../core/llm/endpoint.ts';
import { RequestFailedError } from '../../core/llm/engine.ts';
import type { BatchBackend, BatchCounts, BatchEnd, OutgoingBatch } from './backend.ts';
import type { BatchFiles, BatchRecord } from './batch-folder.ts';
import { LineCount } from './line-count.ts';
import { programLimits } from './program-backend.ts';
import { type VllmOptions, vllmArgv } from './vllm.ts';

/** Batches by `vllm run-batch`, each a Slurm job, without any server. The jobs outlive this process. */
export class SlurmBackend implements BatchBackend {
  readonly #cluster: NamedCluster;
  readonly #options: VllmOptions;
  readonly #everyMs: number;

  /** @param everyMs how often a job is looked at */
  constructor(cluster: NamedCluster, options: VllmOptions, everyMs: number) {
    this.#cluster = cluster;
    this.#options = options;
    this.#everyMs = everyMs;
  }

  place(): string {
    return `vllm run-batch on Slurm, cluster ${this.#cluster.name}`;
  }

  limits(endpoint: NamedEndpoint): BatchLimits {
    return programLimits(endpoint);
  }

  /** The hours of one's own GPUs have no discount. */
  priced(endpoint: NamedEndpoint): NamedEndpoint {
    return endpoint;
  }

  async prepare(): Promise<string> {
    return '';
  }

  async begin(batch: OutgoingBatch): Promise<string> {
    try {
      return (await submitJob(this.#job(batch))).id;
    } catch (error) {
      throw error instanceof SlurmUnreachable ? noAnswer(error) : error;
    }
  }

  /** By its name, which no other job has. */
  async find(batch: OutgoingBatch): Promise<string | undefined> {
    const { ok, output, errors } = await slurm('scontrol', ['show', 'job', '--oneliner']);
    if (!ok && !/no jobs/i.test(errors))
      throw new UsageError(`Slurm does not list its jobs: ${errors}`);
    const name = `JobName=${jobName(batch.record)}`;
    const line = output.split('\n').find((one) => one.split(' ').includes(name));
    return line === undefined ? undefined : parseJob(line)[0]?.id;
  }

  async wait(
    batch: OutgoingBatch,
    remote: string,
    signal: AbortSignal,
    onCounts: (counts: BatchCounts) => void,
  ): Promise<BatchEnd> {
    const place = { name: jobName(batch.record), folder: folderOf(batch.files) };
    const lines = new LineCount(batch.files.output);
    const earlier = new LineCount(batch.files.earlier);
    const count = async () => (await lines.now()) + (await earlier.now());
    let last: JobState | undefined;
    try {
      const follow = { until: signal, everyMs: this.#everyMs };
      for await (const [state] of followJob(remote, place, follow)) {
        last = state;
        onCounts({ state: state?.state ?? '', done: await lines.now() });
      }
    } catch (error) {
      // One that was cancelled while it waited leaves no mark, and without accounting Slurm forgets it in minutes.
      if (!(error instanceof UnknownJob)) throw error;
      return { kind: (await count()) > 0 ? 'done' : 'again', reason: error.message };
    }
    signal.throwIfAborted();
    return endOf(last, await count(), join(place.folder, jobLog(place.name, remote)));
  }

  async cancel(_batch: OutgoingBatch, remote: string): Promise<void> {
    await cancelJob(remote);
  }

  preview(batch: OutgoingBatch): string {
    return sbatchScript(this.#job(batch));
  }

  leftRunning({ remote, requests }: BatchRecord): string {
    return `job ${remote} (${requests} requests) goes on in Slurm`;
  }

  #job({ record, endpoint, files }: OutgoingBatch): SlurmJob {
    const { gpus } = this.#options;
    const own = absolute(files);
    const keep = `cat ${bashWord(own.output)} >>${bashWord(own.earlier)}; echo >>${bashWord(own.earlier)}`;
    return {
      name: jobName(record),
      cluster: this.#cluster,
      folder: folderOf(files),
      cwd: process.cwd(),
      command: vllmArgv(this.#options, endpoint, own),
      before: [
        '# What an earlier start has answered: run-batch begins its file anew',
        `if [ -s ${bashWord(own.output)} ]; then ${keep}; fi`,
      ],
      passEnv: ['HF_TOKEN'].filter((name) => process.env[name] !== undefined),
      gpusPerNode: gpus,
    };
  }
}

const jobName = ({ token, number }: BatchRecord): string =>
  `gem-batch-${token.slice(0, 8)}-${number}`;

const folderOf = ({ input }: BatchFiles): string => resolve(dirname(input));

const absolute = ({ input, output, earlier }: BatchFiles) => ({
  input: resolve(input),
  output: resolve(output),
  earlier: resolve(earlier),
});

/** Slurm may have taken the job all the same. */
function noAnswer(cause: SlurmUnreachable): RequestFailedError {
  const failure = {
    kind: 'transport' as const,
    reason: cause.message,
    status: null,
    retryAfter: null,
    unreachable: true,
    maybeBilled: true,
  };
  return new RequestFailedError(failure, cause);
}

/** What a job wrote before it failed is taken: the rest is gathered again. */
async function endOf(state: JobState | undefined, done: number, log: string): Promise<BatchEnd> {
  if (state?.state === 'COMPLETED') return { kind: 'done', reason: '' };
  const how = `job ${state?.id} ended as ${state?.state}${state?.reason ? `, ${state.reason}` : ''}`;
  if (state?.state.startsWith('CANCELLED')) return { kind: 'cancelled', reason: how };
  if (done > 0) return { kind: 'done', reason: `${how} after ${done} lines` };
  const said = lastError(await readEnd(log));
  return {
    kind: 'failed',
    reason: `${how}${said === '' ? '' : `; its last error:\n${said}`}\nits log: ${log}`,
  };
}
