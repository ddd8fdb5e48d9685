import type { Argv } from 'yargs';
import { defineCommand, type FlagsOf } from '../../core/command.ts';
import { describeError, errorCode, UsageError } from '../../core/errors.ts';
import { watchInterrupts } from '../../core/interrupts.ts';
import { servedEndpoint } from '../../core/launch/own-servers/plan-servers.ts';
import {
  type NamedServeConfig,
  readServeConfig,
} from '../../core/launch/own-servers/serve-config.ts';
import { Endpoint, type NamedEndpoint } from '../../core/llm/endpoint.ts';
import { ENVIRONMENT } from '../../core/llm/endpoints-file.ts';
import { runFolder } from '../../core/run/run-name.ts';
import { keepHeapSmall } from '../../core/small-heap.ts';
import { terminal } from '../../core/terminal.ts';
import {
  batchOptions,
  batchPreview,
  batchSettings,
  withoutJobFlags,
} from '../batch/batch-options.ts';
import type { SynthConfig } from '../config.ts';
import { describeCorpusReport } from '../corpus/report.ts';
import { placeOf, shardOptions } from '../shards/options.ts';
import { submitShards } from '../shards/slurm/submit.ts';
import { withServers } from '../shards/with-servers.ts';
import { accountLines, headline } from '../summary.ts';
import type { SynthEnd, SynthJob } from '../synth-job.ts';
import { synthesize } from '../synth-run.ts';
import { endpointsFor, jobOptions, readConfig, startOffline } from './options.ts';
import { progressPrinter } from './progress-printer.ts';

/** Called with the folder of a run that ended, so that others can write their report of it. */
export type AfterRun = (folder: string) => Promise<string[]>;

/** `gem-traj synth`: text in, checked trajectories out. */
export function synthCommand(afterRun: AfterRun) {
  return defineCommand({
    command: 'synth',
    describe: 'Make checked tool-use trajectories from text',
    builder: synthOptions,
    handler: (flags) => {
      keepHeapSmall();
      return runSynth(flags, afterRun);
    },
  });
}

function synthOptions(yargs: Argv) {
  return batchOptions(shardOptions(jobOptions(yargs)))
    .option('run', {
      type: 'string',
      demandOption: true,
      describe: 'Name of the run (a folder below runs/) or a path',
    })
    .option('target', { type: 'number', describe: 'Stop when this many trajectories are accepted' })
    .option('budget', { type: 'number', describe: 'USD that may be spent, a hard stop' })
    .option('reuse', {
      type: 'string',
      array: true,
      default: [],
      describe: 'Runs whose answers may be used again',
    })
    .option('json', {
      type: 'boolean',
      default: false,
      describe: 'Progress and result as JSON lines on stdout',
    });
}

async function runSynth(flags: SynthFlags, afterRun: AfterRun): Promise<void> {
  const config = await readConfig(flags);
  const serve = flags.serve === undefined ? undefined : await readServeConfig(flags.serve);
  if (flags.on === 'slurm' && flags.mode === 'live') {
    await submitShards({ flags, config, passEnv: await keysOf(flags, config, serve) });
    return;
  }
  const place = placeOf(flags.mode === 'live' ? flags : withoutJobFlags(flags));
  if (flags.mode === 'batch' && flags.dryRun) return showBatch(flags, config, place.folder);
  const interrupts = watchInterrupts();
  const offline = await startOffline(flags, config);
  const run = (served: NamedEndpoint | undefined, signals: Signals) =>
    runPlace({ flags, config, place, offline: offline.endpoint, served }, signals);
  try {
    const end =
      serve === undefined
        ? await run(undefined, interrupts)
        : await withServers(serve, { ...place, run: flags.run, ...interrupts }, run);
    if (end !== undefined) await tell(end, place.folder, flags, afterRun);
    if (interrupts.stopping.aborted) process.exitCode = 130;
    else if ((end?.manifest.failed_passages ?? 0) > 0) process.exitCode = 1;
  } finally {
    terminal.settle();
    interrupts.forget();
    // Left open, it would keep a run alive that ended before its input.
    if (flags.input.includes('-')) process.stdin.destroy();
    await offline.close();
  }
}

type SynthFlags = FlagsOf<typeof synthOptions>;
type Signals = Pick<SynthJob, 'stopping' | 'aborting'>;

interface Asked {
  flags: SynthFlags;
  config: SynthConfig;
  place: ReturnType<typeof placeOf>;
  offline: NamedEndpoint | undefined;
  served: NamedEndpoint | undefined;
}

async function runPlace(
  { flags, config, place, offline, served }: Asked,
  signals: Signals,
): Promise<SynthEnd> {
  const endpoints = await endpointsFor(flags, config, offline, served);
  const batch = await batchSettings(flags, place.folder);
  return synthesize({
    config,
    inputs: flags.input,
    ...place,
    endpoints,
    offline: flags.offline,
    batch,
    reuse: flags.reuse.map(runFolder),
    ...signals,
    onProgress: progressPrinter(place.shard === undefined ? config : ofShard(config), flags.json),
  }).catch((error: unknown) => {
    throw isFull(error) ? roomNeeded(error) : error;
  });
}

/** What would be run for a batch. */
async function showBatch(flags: SynthFlags, config: SynthConfig, folder: string): Promise<void> {
  const { generate } = await endpointsFor(flags, config, undefined);
  const batch = await batchSettings(flags, folder);
  if (batch !== undefined) terminal.print(batchPreview(batch, folder, generate));
}

async function tell(
  end: SynthEnd,
  folder: string,
  { json }: SynthFlags,
  afterRun: AfterRun,
): Promise<void> {
  const reports = await afterRun(folder);
  if (json) terminal.print(JSON.stringify({ kind: 'result', ...end.manifest }));
  else printEnd(end, folder, reports);
}

/** The variables with the endpoints' keys; what is wrong with the endpoints is said before anything is submitted. */
async function keysOf(
  flags: SynthFlags,
  config: SynthConfig,
  serve: NamedServeConfig | undefined,
): Promise<string[]> {
  const served = serve === undefined ? undefined : await servedEndpoint(serve);
  const offline = flags.offline ? OFFLINE_LATER : undefined;
  const known = await endpointsFor(flags, config, offline, served);
  const endpoints = Object.values(known);
  const isEnvironment = endpoints.some(({ name }) => name === ENVIRONMENT);
  const names = [
    ...endpoints.flatMap(({ api_key_env: key }) => key ?? []),
    ...(isEnvironment ? ['OPENAI_BASE_URL', 'OPENAI_API_KEY', 'OPENAI_MODEL'] : []),
    ...(serve === undefined ? [] : ['HF_TOKEN', 'HF_HOME']),
  ];
  return names.filter((name) => process.env[name]);
}

/** Stands for the offline teacher, which each shard starts for itself. */
const OFFLINE_LATER = {
  ...Endpoint.parse({ base_url: 'http://127.0.0.1', model: 'offline-teacher' }),
  name: 'offline',
};

/** Target and limit are of all shards together: against one shard's counts they would say nothing. */
function ofShard({ target: _target, limit: _limit, ...config }: SynthConfig): SynthConfig {
  return config;
}

const isFull = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(errorCode(error) ?? '');

function roomNeeded(error: unknown): UsageError {
  return new UsageError(
    `${describeError(error)}\nNothing is lost: make room and run the same command again.`,
    { cause: error },
  );
}

function printEnd(
  { manifest, corpus, leftRunning }: SynthEnd,
  folder: string,
  reports: string[],
): void {
  terminal.note('');
  if (manifest.offline)
    terminal.print(
      'Made by the offline teacher (rules, no model): for trying out and testing, no measure of quality.',
    );
  const parts = [
    ...describeCorpusReport(corpus),
    '',
    ...accountLines(manifest),
    '',
    headline(manifest),
    `trajectories: ${folder}/trajectories.jsonl`,
    `rejected:     ${folder}/rejected.jsonl`,
    ...reports.map((path) => `report:       ${path}`),
  ];
  for (const line of parts) terminal.print(line);
  for (const line of leftRunning) terminal.print(line);
  if (manifest.state === 'stopped') terminal.print(wayOn(manifest));
}

function wayOn({ message }: SynthEnd['manifest']): string {
  return message?.startsWith('the budget')
    ? 'With a higher --budget the same command goes on.'
    : 'Run the same command again and it goes on.';
}
