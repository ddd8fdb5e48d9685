import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchmarkManifest } from '../../../eval/benchmarks/benchmark-manifest.ts';
import { PAPER_BFCL_COLUMNS } from '../../../eval/benchmarks/paper-results.ts';
import { type Scores, withFigures } from '../../../eval/benchmarks/scores.ts';
import type { TrainManifest } from '../../../train/manifest.ts';

/** A folder as `gem-traj train` leaves it: its manifest and a loss that falls over `steps` steps. */
export async function writeTraining(
  folder: string,
  { steps = 40, ...changes }: Partial<Omit<TrainManifest, 'steps'>> & { steps?: number } = {},
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const points = Array.from({ length: steps }, (_, index) => ({
    step: index + 1,
    loss: 0.5 + 1.5 * Math.exp(-index / 10),
    eval_loss: (index + 1) % 10 === 0 ? 0.6 + 1.4 * Math.exp(-index / 10) : null,
    learning_rate: 1e-4,
    epoch: index / steps,
  }));
  const lines = points.map((point) => `${JSON.stringify(point)}\n`).join('');
  await writeFile(join(folder, 'loss.jsonl'), `${lines}{"step":`);
  const manifest = { ...trainManifest(steps), ...changes };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  return folder;
}

function trainManifest(steps: number): Omit<TrainManifest, 'recipe'> & { recipe: object } {
  return {
    kind: 'gem-traj training',
    schema_version: 1,
    state: 'finished',
    name: 'harbour-synthesizer',
    trainer: 'trl',
    recipe: {},
    dataset: {
      folder: 'datasets/harbour',
      name: 'harbour',
      sha256: '0'.repeat(64),
      task: 'synthesizer',
      offline: false,
      rows: 90,
      tokens: 123_456,
    },
    model: 'tiny/model',
    argv: [],
    env: {},
    versions: { trl: '1.2.3' },
    machine: { host: 'quay', cpus: 2, gpus: [], git_commit: null },
    place: { on: 'local', pid: 1 },
    starts: [{ at: '', from_step: 0, ended_at: null, outcome: null }],
    steps: { done: steps, all: steps },
    loss: { first: 2, last: 0.5 },
    tokens_per_second: 812.4,
    peak_memory_gb: 3.25,
    result: 'checkpoints/last',
    error: null,
  };
}

/** A folder as `gem-traj distill` leaves it, without its files of rows. */
export async function writeDataset(folder: string, changes: object = {}): Promise<string> {
  await mkdir(folder, { recursive: true });
  const manifest = {
    kind: 'gem-traj dataset',
    schema_version: 1,
    state: 'finished',
    name: 'harbour',
    task: 'synthesizer',
    trainers: ['trl'],
    tokenizer: { name: 'qwen3', sha256: '0'.repeat(64) },
    sources: [{ name: 'harbour-run', method: 'pipeline', kept: 90 }],
    offline: false,
    read: 120,
    kept: 90,
    dropped: { near_duplicate: 20, too_long: 10 },
    splits: [
      { split: 'train', rows: 88, documents: 80, tokens: 120_000, trained_tokens: 100_000 },
      { split: 'validation', rows: 2, documents: 2, tokens: 3456, trained_tokens: 3000 },
    ],
    decontamination: ['bfcl: 3 rows share 13 words'],
    ...changes,
  };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  return folder;
}

/** A folder as `gem-traj eval bfcl` leaves it; without scores where `share` is null. */
export async function writeBenchmark(
  folder: string,
  label: string,
  share: number | null,
  changes: Partial<BenchmarkManifest> = {},
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const manifest: BenchmarkManifest = {
    schema_version: 1,
    benchmark: 'bfcl',
    label,
    state: 'finished',
    message: null,
    versions: {},
    settings: {},
    urls: {},
    started_at: '',
    updated_at: '',
    seconds: 1,
    sessions: 1,
    ...changes,
  };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  if (share !== null)
    await writeFile(join(folder, 'scores.json'), JSON.stringify(scoresOf(label, share)));
  return folder;
}

const TASKS = 40;

function scoresOf(label: string, share: number): Scores {
  const values = Object.fromEntries(
    Array.from({ length: TASKS }, (_, task) => [`t${task}`, task < TASKS * share ? 1 : 0]),
  );
  return withFigures({
    schema_version: 1,
    benchmark: 'bfcl',
    label,
    model: 'tiny/model',
    measured_with: { harness: 'bfcl-eval', version: '2025.6.16', data: 'BFCL_v3' },
    complete: true,
    whole: true,
    columns: PAPER_BFCL_COLUMNS.map((name) => ({
      group: 'BFCL',
      name,
      planned: TASKS,
      answered: TASKS,
      values,
    })),
    means: [{ group: 'BFCL', name: 'overall', of: [...PAPER_BFCL_COLUMNS] }],
  });
}
