import { join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../core/errors.ts';
import { readTextIfThere } from '../core/read-text.ts';
import { replaceFile } from '../core/write-file.ts';
import { DatasetTask, Split } from './dataset-row.ts';
import { Trainer } from './layouts/layout.ts';
import { TokenSummary } from './token-statistics.ts';

const Count = z.number().int().nonnegative();

const UsedTokenizer = z.object({ name: z.string(), sha256: z.string() });

/** One run that rows came from. */
export const SourceSummary = z.object({
  name: z.string(),
  fingerprint: z.string(),
  method: z.string(),
  offline: z.boolean(),
  /** Of the conversations, as the run was told. */
  language: z.string().default('English'),
  ablation: z.object({ refine: z.boolean(), check: z.boolean(), judge: z.boolean() }),
  gate: z.string(),
  /** Model and prompt hash of each stage that was asked. */
  stages: z.array(z.object({ stage: z.string(), model: z.string(), prompt: z.string() })),
  /** The run's funnel in short; where a step was off, its count is none. */
  passages: Count,
  generated: Count,
  check_passed: Count,
  judge_passed: Count,
  accepted: Count,
  kept: Count,
});
export type SourceSummary = z.infer<typeof SourceSummary>;

/** The rows of a split that were written. */
export const SplitSummary = z.object({
  split: Split,
  rows: Count,
  documents: Count,
  tokens: Count,
  trained_tokens: Count,
});
export type SplitSummary = z.infer<typeof SplitSummary>;

/** manifest.json of a dataset: what it is and where it came from. `writing` means that it is not whole. */
export const DatasetManifest = z.object({
  kind: z.literal('gem-traj dataset'),
  schema_version: z.literal(1),
  state: z.enum(['writing', 'finished']),
  name: z.string(),
  task: DatasetTask,
  trainers: z.array(Trainer).min(1),
  /** Whether data/*.parquet and arrow/ are there. */
  columnar: z.boolean(),
  instruction: z.object({ version: z.number(), sha256: z.string() }).nullable(),
  /** The settings that rows depend on, as given. */
  settings: z.object({
    max_tokens: Count,
    validation: z.number(),
    test: Count,
    seed: z.number().int(),
    decontaminate: z.array(z.string()),
    /** Of what these held. */
    benchmarks_sha256: z.string().default(''),
    /** The endpoint whose embeddings were compared too. */
    embeddings: z.string().nullable().default(null),
    rules_sha256: z.string(),
    runs_sha256: z.string(),
  }),
  /** Null where tokens are estimated. */
  tokenizer: UsedTokenizer.nullable(),
  /** What counted the texts of an estimate: its chat template, if it has one, does not tell what is trained. */
  estimated_with: UsedTokenizer.nullable().default(null),
  sources: z.array(SourceSummary),
  offline: z.boolean(),
  read: Count,
  kept: Count,
  /** Rows by the reason for which they were left out. */
  dropped: z.record(z.string(), Count),
  splits: z.array(SplitSummary),
  /** What decontamination found, a line a benchmark. */
  decontamination: z.array(z.string()),
  /** Of the rows that were read, before any was left out. */
  tokens: TokenSummary.nullable(),
  versions: z.record(z.string(), z.string()),
  created_at: z.string(),
});
export type DatasetManifest = z.infer<typeof DatasetManifest>;

/** @returns undefined where the folder has none, or one of something else */
export async function readDatasetManifest(folder: string): Promise<DatasetManifest | undefined> {
  const path = join(folder, 'manifest.json');
  const text = await readTextIfThere(path);
  if (text === undefined) return undefined;
  const value = parsed(text);
  if (!Kind.safeParse(value).success) return undefined;
  const manifest = DatasetManifest.safeParse(value);
  if (manifest.success) return manifest.data;
  const [first] = manifest.error.issues;
  throw new UsageError(
    `${path}: ${first?.path.join('.')}: ${first?.message}; was it changed by hand, or written by another version?`,
  );
}

/** The manifest of a dataset that is whole. @throws UsageError where there is none */
export async function finishedDataset(folder: string): Promise<DatasetManifest> {
  const manifest = await readDatasetManifest(folder);
  if (manifest === undefined)
    throw new UsageError(`${folder} is no dataset of gem-traj distill (no manifest.json of one)`);
  if (manifest.state === 'finished') return manifest;
  throw new UsageError(
    `${folder}: distill was stopped before the dataset was whole; run the same command again`,
  );
}

export async function writeDatasetManifest(
  folder: string,
  manifest: DatasetManifest,
): Promise<void> {
  await replaceFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

const Kind = z.looseObject({ kind: z.literal('gem-traj dataset') });

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
