import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Argv } from 'yargs';
import { z } from 'zod';
import { defineCommand, type FlagsOf, flagValue } from '../../core/command.ts';
import { UsageError } from '../../core/errors.ts';
import { watchInterrupts } from '../../core/interrupts.ts';
import { batchPriced } from '../../core/llm/batch-terms.ts';
import type { NamedEndpoint } from '../../core/llm/endpoint.ts';
import type { Manifest } from '../../core/run/manifest.ts';
import { table } from '../../core/table.ts';
import { terminal } from '../../core/terminal.ts';
import type { StageName } from '../../core/trajectory.ts';
import type { SynthConfig } from '../config.ts';
import { describeCorpusReport } from '../corpus/report.ts';
import {
  type CorpusMeasure,
  estimateFromPaper,
  estimateFromSample,
  measureCorpus,
  type StageEstimate,
} from '../estimate.ts';
import { usd } from '../summary.ts';
import { synthesize } from '../synth-run.ts';
import { endpointsFor, jobOptions, readConfig, startOffline } from './options.ts';

/** `gem-traj estimate`: tokens and money before they are spent. */
export const estimateCommand = defineCommand({
  command: 'estimate',
  describe:
    'Tokens and money before spending: from the corpus and the prices, or from a sample that is run',
  builder: estimateOptions,
  handler: async (flags) => {
    const config = await readConfig(flags);
    const sample = flagValue('sample', z.number().int().min(0), flags.sample);
    const offline = await startOffline(flags, config);
    try {
      const endpoints = await endpointsFor(flags, config, offline.endpoint);
      const measure = await measureCorpus(config, flags.input, sample);
      if (measure.passages === 0)
        throw new UsageError(
          [
            'the input has no passage that can be used',
            ...describeCorpusReport(measure.report),
          ].join('\n'),
        );
      await estimate(flags, config, endpoints, measure);
    } finally {
      await offline.close();
    }
  },
});

function estimateOptions(yargs: Argv) {
  return jobOptions(yargs)
    .option('sample', {
      type: 'number',
      default: 0,
      describe: 'Run this many passages for real and scale their bill; 0 asks nothing',
    })
    .option('mode', {
      choices: ['live', 'batch'] as const,
      default: 'live' as const,
      describe: 'At the prices of live requests, or of batches',
    })
    .option('json', { type: 'boolean', default: false, describe: 'As one JSON object' });
}

async function estimate(
  flags: FlagsOf<typeof estimateOptions>,
  config: SynthConfig,
  endpoints: Record<StageName, NamedEndpoint>,
  measure: CorpusMeasure,
): Promise<void> {
  const manifest =
    flags.sample > 0 ? await runSample(flags, config, endpoints, measure) : undefined;
  const priced = flags.mode === 'batch' ? inBatches(endpoints) : endpoints;
  const factor =
    manifest === undefined ? 0 : measure.passages / Math.max(1, manifest.funnel.passages);
  const stages =
    manifest === undefined
      ? estimateFromPaper(config, priced, measure)
      : estimateFromSample(priced, manifest.bills, config, factor);
  const accepted = manifest === undefined ? null : Math.round(manifest.funnel.accepted * factor);
  const basis = manifest === undefined ? 'paper' : `sample of ${manifest.funnel.passages} passages`;
  if (flags.json) {
    terminal.print(
      JSON.stringify({
        passages: measure.passages,
        basis,
        stages,
        accepted,
        spent_usd: manifest?.total.cost_usd ?? 0,
      }),
    );
    return;
  }
  for (const line of [
    ...describeCorpusReport(measure.report),
    '',
    ...estimateLines(stages),
    '',
    ...remarks(manifest, accepted, stages, endpoints),
    ...(flags.mode === 'batch'
      ? [
          "At the price of batches: half, or an endpoint's batch_price_factor; a sample is asked live.",
        ]
      : []),
  ])
    terminal.print(line);
}

/** The endpoints with the prices that hold in a batch. */
function inBatches(endpoints: Record<StageName, NamedEndpoint>): Record<StageName, NamedEndpoint> {
  const entries = Object.entries(endpoints).map(([stage, one]) => [stage, batchPriced(one)]);
  // Object.fromEntries forgets which keys the entries came from.
  return Object.fromEntries(entries) as Record<StageName, NamedEndpoint>;
}

async function runSample(
  flags: FlagsOf<typeof estimateOptions>,
  config: SynthConfig,
  endpoints: Record<StageName, NamedEndpoint>,
  { sample }: CorpusMeasure,
): Promise<Manifest> {
  const folder = await mkdtemp(join(tmpdir(), 'gem-traj-estimate-'));
  const { stopping, aborting, forget } = watchInterrupts();
  try {
    const { limit: _ofTheCorpus, target: _whole, ...settings } = config;
    const job = {
      config: settings,
      inputs: flags.input,
      passages: sample,
      folder,
      endpoints,
      offline: flags.offline,
      reuse: [],
    };
    const { manifest } = await synthesize({ ...job, stopping, aborting, onProgress: () => {} });
    if (stopping.aborted) process.exitCode = 130;
    return manifest;
  } finally {
    forget();
    await rm(folder, { recursive: true, force: true });
  }
}

function estimateLines(stages: StageEstimate[]): string[] {
  const total = stages.reduce((sum, { cost_usd }) => sum + cost_usd, 0);
  const rows = stages.map(
    ({ stage, endpoint, requests, prompt_tokens, cached_tokens, completion_tokens, cost_usd }) => [
      stage,
      endpoint,
      requests,
      prompt_tokens,
      cached_tokens,
      completion_tokens,
      usd(cost_usd),
    ],
  );
  return [
    ...table([
      [
        'stage',
        'endpoint',
        'requests',
        'prompt tokens',
        'of these cached',
        'completion tokens',
        'USD',
      ],
      ...rows,
    ]),
    `in all ${usd(total)} USD`,
  ];
}

function remarks(
  manifest: Manifest | undefined,
  accepted: number | null,
  stages: StageEstimate[],
  endpoints: Record<StageName, NamedEndpoint>,
): string[] {
  const unpriced = [
    ...new Set(
      stages
        .map(({ stage }) => endpoints[stage])
        .filter(({ prices }) => prices === undefined)
        .map(({ name }) => name),
    ),
  ];
  return [
    manifest === undefined
      ? "Assumed: the paper's 14% of multi-step passages and lengths of dialogues, constant prompt parts cached, a third of the candidates turned down. --sample N measures instead."
      : `Measured on ${manifest.funnel.passages} passages, which cost ${usd(manifest.total.cost_usd)} USD; about ${accepted} accepted trajectories to be expected.`,
    ...(unpriced.length === 0 ? [] : [`Without prices, counted as 0: ${unpriced.join(', ')}.`]),
  ];
}
