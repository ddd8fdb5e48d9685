import { mkdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { type TrainManifest, writeTrainManifest } from '../../train/manifest.ts';
import { readRecipe } from '../../train/read-recipe.ts';
import type { Recipe } from '../../train/recipe.ts';

/** An archive as PyTorch writes it, as far as anybody looks at it: it begins and ends like one. */
export const ARCHIVE = 'PK\u0003\u0004 content PK\u0005\u0006 and the end';

/** Two numbers as safetensors: the length of the header, the header, and the numbers that it speaks of. */
export function weights(): string {
  const header = '{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return `${length.toString('latin1')}${header}12345678`;
}

/** A whole checkpoint of step 8; `over` replaces files, null leaves one out. */
export async function writeCheckpoint(
  folder: string,
  over: Record<string, string | null> = {},
): Promise<void> {
  const files: Record<string, string | null> = {
    'trainer_state.json': '{"global_step": 8}',
    'optimizer.pt': ARCHIVE,
    'scheduler.pt': ARCHIVE,
    'model.safetensors': weights(),
    ...over,
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    if (text !== null) await writeFile(join(folder, name), text, 'latin1');
  }
}

/** Writes down a training of tiny-qwen3 with these settings, as if it ran; `over` says what is different. */
export async function writeTraining(
  out: string,
  settings: readonly string[] = [],
  over: Partial<TrainManifest> = {},
): Promise<Recipe> {
  const { recipe } = await readRecipe('tiny-qwen3', settings);
  await mkdir(join(out, 'checkpoints'), { recursive: true });
  await writeTrainManifest(out, {
    kind: 'gem-traj training',
    schema_version: 1,
    state: 'running',
    name: 'tiny-qwen3',
    trainer: recipe.trainer,
    recipe,
    dataset: {
      folder: '/data',
      name: 'small',
      sha256: '0',
      task: recipe.task,
      offline: false,
      rows: 16,
      tokens: 960,
    },
    model: `${out}/model`,
    argv: [],
    env: {},
    versions: {},
    machine: { host: hostname(), cpus: 1, gpus: [], git_commit: null },
    place: { on: 'slurm', cluster: 'loopback', job: '7', name: 'train' },
    starts: [{ at: '2026-11-21T00:00:00Z', from_step: 0, ended_at: null, outcome: null }],
    steps: { done: 0, all: null },
    loss: { first: null, last: null },
    tokens_per_second: null,
    peak_memory_gb: null,
    result: null,
    error: null,
    ...over,
  });
  return recipe;
}
