import { basename, join } from 'node:path';
import type { Argv } from 'yargs';
import { z } from 'zod';
import { type FlagsOf, flagValue } from '../../core/command.ts';
import { UsageError } from '../../core/errors.ts';
import { readCluster } from '../../core/launch/cluster.ts';
import { findServerProgram } from '../../core/launch/server-program.ts';
import { SERVERS } from '../../core/launch/servers/kinds.ts';
import type { NamedEndpoint } from '../../core/llm/endpoint.ts';
import { terminal } from '../../core/terminal.ts';
import type { BatchBackend, BatchSettings } from './backend.ts';
import { EndpointBackend } from './endpoint-backend.ts';
import { offlineProgram } from './offline-program.ts';
import { ProgramBackend } from './program-backend.ts';
import { SlurmBackend } from './slurm-backend.ts';
import { vllmProgram } from './vllm-program.ts';

/** The flags of a run in batches. */
export function batchOptions<T>(yargs: Argv<T>) {
  return yargs
    .option('mode', {
      choices: ['live', 'batch'] as const,
      default: 'live' as const,
      describe: 'Ask at once, or in batches, a stage at a time (docs/batch.md)',
    })
    .option('batch-with', {
      choices: ['endpoint', 'vllm'] as const,
      default: 'endpoint' as const,
      describe: "What runs batches: the endpoint's Batch API, or vllm run-batch (--on slurm: jobs)",
    })
    .option('batch-model', {
      type: 'string',
      describe: 'vllm run-batch: folder or hub name of the model',
      defaultDescription: "the endpoint's model",
    })
    .option('batch-env', {
      type: 'string',
      describe: 'vllm run-batch: Python environment that has vllm',
      defaultDescription: 'what is on PATH',
    })
    .option('batch-arg', {
      type: 'string',
      array: true,
      default: [],
      describe: 'vllm run-batch: more of its flags, --batch-arg=--FLAG, as often as needed',
    })
    .option('batch-poll', {
      type: 'number',
      default: 60,
      describe: 'Seconds between two looks at a batch, at most',
    })
    .option('cancel', {
      type: 'boolean',
      default: false,
      describe: 'With --mode batch: end the batches under way, keep what they have answered',
    });
}

type BatchFlags = FlagsOf<typeof batchOptions<object>> & {
  input: string[];
  offline: boolean;
  json: boolean;
  on: 'local' | 'slurm';
  serve?: string | undefined;
  shards?: number | undefined;
  cluster?: string | undefined;
  gpus?: number | undefined;
  atOnce?: number | undefined;
};

const FIRST_POLL_S = 5;

/** A minute: a gateway gives up on a batch that is made all the same, and a list may be behind. */
const LOOKS_S = [1, 2, 5, 10, 20, 25];

/**
 * How a run asks in batches; undefined where it asks at once.
 * @throws UsageError for flags that do not go together
 */
export async function batchSettings(
  flags: BatchFlags,
  runFolder: string,
): Promise<BatchSettings | undefined> {
  requireFitting(flags);
  if (flags.mode === 'live') return undefined;
  const highestS = flagValue('batch-poll', z.number().positive(), flags.batchPoll);
  return {
    backend: await backendOf(flags, basename(runFolder), highestS),
    cancel: flags.cancel,
    busyS: highestS * 5,
    looksS: LOOKS_S,
    note: (line) =>
      flags.json
        ? terminal.print(JSON.stringify({ kind: 'batch', message: line }))
        : terminal.note(line),
  };
}

/** The flags without those that say where a batch's program runs: the run itself is always here. */
export function withoutJobFlags<T>(flags: T): T & {
  on: 'local';
  shards: undefined;
  cluster: undefined;
  gpus: undefined;
  atOnce: undefined;
  dryRun: false;
} {
  const none = { shards: undefined, cluster: undefined, gpus: undefined, atOnce: undefined };
  return { ...flags, ...none, on: 'local', dryRun: false };
}

/** The command or script of a first batch, for --dry-run. @throws UsageError where a provider runs it */
export function batchPreview(
  { backend }: BatchSettings,
  run: string,
  endpoint: NamedEndpoint,
): string {
  if (backend.preview === undefined)
    throw new UsageError(
      '--dry-run shows the command or script of a batch: it is for --batch-with vllm; gem-traj estimate says what a provider would bill',
    );
  const at = (name: string) => join(run, 'batch', `0001.${name}.jsonl`);
  return backend.preview({
    endpoint,
    files: {
      input: at('input'),
      about: at('about'),
      output: at('output'),
      errors: at('errors'),
      earlier: at('earlier'),
    },
    record: {
      number: 1,
      token: '0'.repeat(8),
      endpoint: endpoint.name,
      model: endpoint.model,
      place: backend.place(endpoint),
      requests: 0,
      stages: {},
      bytes: 0,
      highest_usd: 0,
      state: 'gathered',
      remote: null,
    },
  });
}

/** A flag that another mode has would do nothing. */
function requireFitting(flags: BatchFlags): void {
  const { mode, input, offline, batchWith, batchModel, batchEnv, batchArg, cancel } = flags;
  const ofVllm = batchModel ?? batchEnv ?? batchArg[0];
  if (mode === 'live' && (cancel || batchWith === 'vllm' || ofVllm !== undefined))
    throw new UsageError('--cancel and the flags --batch-... are for --mode batch');
  if (mode === 'live') return;
  if (flags.serve !== undefined)
    throw new UsageError(
      '--serve starts a server that is asked at once; --mode batch --batch-with vllm runs the model without one',
    );
  if (input.includes('-'))
    throw new UsageError(
      '--mode batch reads its input once a round, and standard input can be read only once; give files',
    );
  if (offline && batchWith === 'vllm')
    throw new UsageError('--offline asks the offline teacher, --batch-with vllm a model; give one');
  if (flags.shards !== undefined || flags.atOnce !== undefined)
    throw new UsageError(
      '--shards and --at-once divide a live run; --mode batch makes batches as large as they may be (--shard I/N works on one part here)',
    );
  requirePlace(flags);
  if (batchWith === 'vllm') return;
  if (ofVllm !== undefined)
    throw new UsageError('--batch-model, --batch-env and --batch-arg are for --batch-with vllm');
  if (flags.on === 'slurm')
    throw new UsageError(
      "--mode batch at an endpoint's Batch API needs no Slurm: run it where you are; --batch-with vllm runs batches as jobs",
    );
}

/** Where a program's batches run is said by flags that a provider's have no use for. */
function requirePlace({ batchWith, on, cluster, gpus }: BatchFlags): void {
  if (batchWith !== 'vllm' && (cluster ?? gpus) !== undefined)
    throw new UsageError(
      `--${cluster === undefined ? 'gpus' : 'cluster'} is for --batch-with vllm: other batches need no place of yours`,
    );
  if (on === 'local' && cluster !== undefined)
    throw new UsageError('--cluster is for --on slurm; without it vllm run-batch runs here');
}

async function backendOf(flags: BatchFlags, run: string, highestS: number): Promise<BatchBackend> {
  const firstS = Math.min(FIRST_POLL_S, highestS);
  if (flags.offline) return new ProgramBackend(offlineProgram);
  if (flags.batchWith === 'endpoint') return new EndpointBackend(run, { firstS, highestS });
  const count = z.number().int().positive();
  const given = flags.gpus === undefined ? undefined : flagValue('gpus', count, flags.gpus);
  const { batchEnv, batchModel: model, batchArg: more } = flags;
  if (flags.on === 'local')
    return new ProgramBackend(
      vllmProgram({ program: await findVllm(batchEnv), model, gpus: given ?? 1, more }),
    );
  if (flags.cluster === undefined)
    throw new UsageError('--on slurm needs --cluster: a name in configs/clusters, or a file');
  const cluster = await readCluster(flags.cluster);
  // Where none is named, the job finds it: in the cluster's own environment or container.
  const program = batchEnv === undefined ? 'vllm' : await findVllm(batchEnv);
  const gpus = given ?? cluster.gpus_per_node;
  return new SlurmBackend(cluster, { program, model, gpus, more }, firstS * 1000);
}

async function findVllm(environment: string | undefined): Promise<string> {
  try {
    return await findServerProgram(SERVERS.vllm, environment);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    // It speaks of the flag that `serve` has.
    throw new UsageError(error.message.replaceAll('--env', '--batch-env'), { cause: error });
  }
}
