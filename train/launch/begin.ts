import { mkdir } from 'node:fs/promises';
import { availableParallelism, hostname } from 'node:os';
import { execa } from 'execa';
import { describeError } from '../../core/errors.ts';
import type { BashWord } from '../../core/launch/bash-words.ts';
import { type TrainManifest, writeTrainManifest } from '../manifest.ts';
import { gpuNames } from '../preflight/hardware.ts';
import type { Training } from '../training.ts';

/**
 * Writes down that a training begins, before anything of it is made; `work` gets what is written down. Where that
 * fails, so is the training: nothing was trained, and the same command starts it again.
 */
export async function beginTraining<T>(
  training: Training,
  work: (manifest: TrainManifest) => Promise<T>,
): Promise<T> {
  const { out } = training.place;
  await mkdir(out, { recursive: true });
  const manifest = await beginManifest(training);
  await writeTrainManifest(out, manifest);
  try {
    return await work(manifest);
  } catch (error) {
    await writeTrainManifest(out, failed(manifest, describeError(error)));
    throw error;
  }
}

function failed(manifest: TrainManifest, error: string): TrainManifest {
  const ended = { ended_at: new Date().toISOString(), outcome: 'failed' as const };
  const starts = manifest.starts.map((start, index) =>
    index === manifest.starts.length - 1 ? { ...start, ...ended } : start,
  );
  return { ...manifest, state: 'failed', starts, error };
}

/** Until a job is submitted a training is this process's. */
async function beginManifest(training: Training): Promise<TrainManifest> {
  const { recipe, dataset, plan, before, fromStep, cluster } = training;
  return {
    kind: 'gem-traj training',
    schema_version: 1,
    state: 'running',
    name: training.name,
    trainer: plan.trainer,
    recipe,
    dataset: {
      folder: dataset.folder,
      name: dataset.name,
      sha256: dataset.sha256,
      task: dataset.task,
      offline: dataset.offline,
      rows: dataset.train.rows,
      tokens: dataset.train.tokens,
    },
    model: training.place.model.source,
    argv: plan.argv.map(plainWord),
    env: plan.env,
    versions: training.preflight.versions,
    machine: {
      host: hostname(),
      cpus: availableParallelism(),
      gpus: cluster === null ? await gpuNames() : [],
      git_commit: await gitCommit(),
    },
    place: { on: 'local', pid: process.pid },
    starts: [
      ...(before?.starts ?? []),
      { at: new Date().toISOString(), from_step: fromStep, ended_at: null, outcome: null },
    ],
    steps: { done: fromStep, all: before?.steps.all ?? null },
    loss: before?.loss ?? { first: null, last: null },
    tokens_per_second: null,
    peak_memory_gb: null,
    result: null,
    error: null,
  };
}

/** What one step sees on average, for trainers that do not count tokens. */
export function tokensPerStep({ recipe, dataset }: Pick<Training, 'recipe' | 'dataset'>): number {
  const row = recipe.packing ? recipe.max_length : dataset.train.tokens / dataset.train.rows;
  return row * recipe.batch_size;
}

function plainWord(word: BashWord): string {
  return typeof word === 'string' ? word : word.bash;
}

/** Of the folder that the command runs in, where recipes are kept; null where it is no repository. */
async function gitCommit(): Promise<string | null> {
  const { exitCode, stdout } = await execa('git', ['rev-parse', 'HEAD'], { reject: false });
  return exitCode === 0 ? stdout : null;
}
