import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { errorCode, UsageError } from '../core/errors.ts';
import { sha256 } from '../core/hash.ts';
import { readYaml } from '../core/yaml.ts';
import type { TrainerName } from './recipe.ts';

/** What training needs of a dataset's manifest.json, which `gem-traj distill` writes. */
const Manifest = z.object({
  kind: z.literal('gem-traj dataset'),
  state: z.enum(['writing', 'finished']),
  name: z.string(),
  task: z.enum(['synthesizer', 'agent']),
  trainers: z.array(z.string()),
  offline: z.boolean(),
  tokenizer: z.object({ name: z.string() }).nullable(),
  splits: z.array(
    z.object({
      split: z.string(),
      rows: z.number(),
      tokens: z.number(),
      trained_tokens: z.number(),
    }),
  ),
  tokens: z.object({ max: z.number() }).nullable(),
  settings: z.object({ max_tokens: z.number() }),
});

/** The rows of a split, as counted when the dataset was made. */
interface SplitSize {
  rows: number;
  tokens: number;
}

/** A dataset that is to be trained on, in the form of one trainer. */
export interface Dataset {
  /** Absolute. */
  folder: string;
  name: string;
  task: 'synthesizer' | 'agent';
  /** Of its manifest: another hash means other rows. */
  sha256: string;
  /** Made by the offline teacher: fit for trying things out only. */
  offline: boolean;
  train: SplitSize;
  validation: SplitSize | null;
  /** Tokens of the longest row, exact or estimated; null when it was not counted. */
  longest: number | null;
  /** Whose tokens they are; null: an estimate. */
  tokenizer: string | null;
  /** LLaMA-Factory calls splits by these names. */
  names: { train: string; validation: string | null };
  /** axolotl's own entries for them, paths absolute. */
  entries: { train: unknown[]; validation: unknown[] };
}

/**
 * Reads what a dataset is and looks whether it is there in a trainer's form.
 * @throws UsageError when it is no whole dataset, or not in that form
 */
export async function readDataset(folder: string, trainer: TrainerName): Promise<Dataset> {
  const { manifest, text } = await readManifest(folder);
  const { name, task, offline, tokenizer, tokens, splits, settings } = manifest;
  const size = (wanted: string) => splits.find(({ split }) => split === wanted) ?? null;
  const train = size('train');
  const rows = join(folder, trainer, 'train.jsonl');
  if (!manifest.trainers.includes(trainer) || !existsSync(rows))
    throw new UsageError(
      `${folder} is not in the form of ${trainer} (${rows} is not there); it is in that of ${manifest.trainers.join(', ')}: make it again by gem-traj distill --trainer ${trainer}, or train by --trainer ${manifest.trainers[0]}`,
    );
  if (train === null) throw new UsageError(`${folder} has no rows to train on`);
  return {
    folder: resolve(folder),
    name,
    task,
    sha256: sha256(text),
    offline,
    train,
    validation: size('validation'),
    // Rows above the limit were left out.
    longest: tokens === null ? null : Math.min(tokens.max, settings.max_tokens),
    tokenizer: tokenizer?.name ?? null,
    names: await llamaFactoryNames(folder, trainer),
    entries: await axolotlEntries(folder, trainer),
  };
}

async function readManifest(
  folder: string,
): Promise<{ manifest: z.infer<typeof Manifest>; text: string }> {
  const path = join(folder, 'manifest.json');
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
    throw error;
  });
  if (text === undefined)
    throw new UsageError(
      `--data ${folder}: ${existsSync(folder) ? 'it has no manifest.json' : 'there is no such folder'}; give a folder that gem-traj distill made`,
    );
  const parsed = Manifest.safeParse(jsonOrNull(text));
  if (!parsed.success)
    throw new UsageError(
      `${path} is not the manifest of a dataset of gem-traj distill (${parsed.error.issues[0]?.path.join('.') || 'no JSON'})`,
    );
  if (parsed.data.state !== 'finished')
    throw new UsageError(`${folder} is not whole: distill was stopped; run it again`);
  return { manifest: parsed.data, text };
}

const Info = z.record(z.string(), z.object({ file_name: z.string() }));

/** The names in dataset_info.json by which LLaMA-Factory knows the files. */
async function llamaFactoryNames(folder: string, trainer: TrainerName): Promise<Dataset['names']> {
  if (trainer !== 'llamafactory') return { train: '', validation: null };
  const path = join(folder, 'llamafactory', 'dataset_info.json');
  const parsed = Info.safeParse(jsonOrNull(await readFile(path, 'utf8').catch(() => '')));
  const entries = parsed.success ? Object.entries(parsed.data) : [];
  const nameOf = (file: string) =>
    entries.find(([, { file_name }]) => file_name === file)?.[0] ?? null;
  const train = nameOf('train.jsonl');
  if (train === null)
    throw new UsageError(`${path} does not name train.jsonl: make the dataset again`);
  return { train, validation: nameOf('validation.jsonl') };
}

const Entry = z.looseObject({ path: z.string() });
const Entries = z.object({
  datasets: z.array(Entry).min(1),
  test_datasets: z.array(Entry).default([]),
});

/** The settings that lie beside axolotl's rows. */
async function axolotlEntries(folder: string, trainer: TrainerName): Promise<Dataset['entries']> {
  if (trainer !== 'axolotl') return { train: [], validation: [] };
  const { datasets, test_datasets } = await readYaml(
    join(folder, 'axolotl', 'datasets.yaml'),
    Entries,
  );
  const absolute = (entries: z.infer<typeof Entry>[]) =>
    entries.map((entry) => ({ ...entry, path: resolve(folder, entry.path) }));
  return { train: absolute(datasets), validation: absolute(test_datasets) };
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
