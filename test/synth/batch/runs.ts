import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Endpoint, type NamedEndpoint } from '../../../core/llm/endpoint.ts';
import { JournalReader } from '../../../core/llm/journal.ts';
import type { StageName } from '../../../core/trajectory.ts';
import type { BatchSettings } from '../../../synth/batch/backend.ts';
import { EndpointBackend } from '../../../synth/batch/endpoint-backend.ts';
import { SynthConfig } from '../../../synth/config.ts';
import { answerOffline } from '../../../synth/offline/teacher.ts';
import type { ShardJob, SynthEnd, SynthJob } from '../../../synth/synth-job.ts';
import { synthesize } from '../../../synth/synth-run.ts';
import {
  type BatchLine,
  type BatchServer,
  type BatchServerOptions,
  type LineEnd,
  startBatchServer,
} from '../../helpers/batch-server.ts';
import { CORPUS } from '../commands/jobs.ts';

/** So that candidates are turned down and mended, too. */
const DEFECT_RATE = 0.3;

/** A line answered by the offline teacher. */
export function taught({ body: { messages, seed = 0 } }: BatchLine): LineEnd {
  const request = { messages, seed, response_format: undefined };
  const text = answerOffline(request, { size: 'compact', defectRate: DEFECT_RATE, seed: 0 });
  return { kind: 'answer', text };
}

/** A batch server whose model is the offline teacher unless told otherwise; closed after the test. */
export async function batchServer(over: Partial<BatchServerOptions> = {}): Promise<BatchServer> {
  const server = await startBatchServer({ line: taught, ...over });
  onTestFinished(() => server.close());
  return server;
}

export interface RunOptions {
  config?: Partial<SynthConfig>;
  endpoint?: Partial<Endpoint>;
  batch?: Partial<BatchSettings> | null;
  inputs?: string[];
  reuse?: string[];
  stopping?: AbortSignal;
  shard?: ShardJob;
  notes?: string[];
}

/** Runs the sample corpus against a server, in batches unless `batch` is null. */
export async function runBatches(
  folder: string,
  { url }: { url: string },
  options: RunOptions = {},
): Promise<SynthEnd> {
  const { notes = [], batch = {} } = options;
  const endpoint: NamedEndpoint = {
    ...Endpoint.parse({ base_url: url, model: 'scripted', ...options.endpoint }),
    name: 'taught',
  };
  const config = SynthConfig.parse({ limit: 12, ...options.config });
  const settings: BatchSettings = {
    backend: new EndpointBackend('run', { firstS: 0.005, highestS: 0.01 }),
    cancel: false,
    busyS: 0.01,
    looksS: [0.005, 0.005, 0.005],
    note: (line) => notes.push(line),
    ...batch,
  };
  const job: SynthJob = {
    config,
    inputs: options.inputs ?? [CORPUS],
    folder,
    ...(options.shard === undefined ? {} : { shard: options.shard }),
    endpoints: everyStage(endpoint),
    offline: false,
    batch: batch === null ? undefined : settings,
    reuse: options.reuse ?? [],
    onProgress: () => {},
    stopping: options.stopping ?? new AbortController().signal,
    aborting: new AbortController().signal,
  };
  return synthesize(job);
}

function everyStage(endpoint: NamedEndpoint): Record<StageName, NamedEndpoint> {
  const [filter, extract, generate] = [endpoint, endpoint, endpoint];
  const [refine, synthesize, judge, repair] = [endpoint, endpoint, endpoint, endpoint];
  return { filter, extract, generate, refine, synthesize, judge, repair };
}

/** A run's rows by id without seconds and money, which depend on how they were asked. */
export async function rowsOf(folder: string): Promise<Map<string, unknown>> {
  const rows = new Map<string, unknown>();
  for (const name of ['trajectories.jsonl', 'rejected.jsonl']) {
    const text = await readFile(join(folder, name), 'utf8');
    for (const line of text.split('\n').filter((one) => one !== '')) {
      const row = JSON.parse(line, (key, value) =>
        key === 'seconds' || key === 'cost_usd' ? 0 : value,
      );
      rows.set(row.id, row);
    }
  }
  return rows;
}

/** The keys of a run's journal, and how often each is there. */
export async function journalKeys(folder: string): Promise<string[]> {
  const keys: string[] = [];
  await JournalReader.open(join(folder, 'journal.jsonl'), undefined, (line) => {
    if ('key' in line) keys.push(line.key);
  });
  return keys;
}
