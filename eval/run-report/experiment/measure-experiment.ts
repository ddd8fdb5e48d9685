import { join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../../../core/errors.ts';
import { readTextIfThere } from '../../../core/read-text.ts';
import { Ablation } from '../../ablate/ablation.ts';
import { readBenchmarkManifest } from '../../benchmarks/benchmark-manifest.ts';
import { readScores } from '../../benchmarks/scores.ts';
import { compareRuns } from '../../compare/compare.ts';
import { Comparison } from '../../compare/comparison.ts';
import { measureRun } from '../measure.ts';
import { readDataset } from './dataset.ts';
import type { Benchmark, ExperimentReport, NamedReport } from './experiment-report.ts';
import type { FoundFolders, KnownFolder } from './find-folders.ts';
import { shareSamples } from './share-samples.ts';
import { readTraining } from './training.ts';

interface ExperimentSettings {
  name: string;
  /** Told before each step that takes its time. */
  onStep: (text: string) => void;
}

/**
 * Measures all that was found. Runs are compared with each other unless a comparison is among the folders, which is
 * then shown instead. What was found below a folder and cannot be read is a note.
 * @throws UsageError for a file of another shape in a folder that was named
 */
export async function measureExperiment(
  { folders, notes: found }: FoundFolders,
  { name, onStep }: ExperimentSettings,
): Promise<ExperimentReport> {
  const notes = [...found];
  const allOf = async <T>(
    kind: KnownFolder['kind'],
    read: (folder: string, place: string) => Promise<T>,
  ): Promise<{ place: string; folder: string; value: T }[]> => {
    const list: { place: string; folder: string; value: T }[] = [];
    for (const { folder, place, isNamed } of folders.filter((one) => one.kind === kind)) {
      onStep(`reading ${place}`);
      try {
        list.push({ place, folder, value: await read(folder, place) });
      } catch (error) {
        if (isNamed || !(error instanceof UsageError)) throw error;
        notes.push(`${place} is left out: ${error.message}`);
      }
    }
    return list;
  };
  const runs = await allOf('run', measureRun);
  const comparisons = await allOf('comparison', readComparison);
  const ablations = await allOf('ablation', readAblation);
  const report: ExperimentReport = {
    schema_version: 1,
    kind: 'experiment',
    name,
    runs: shareSamples(
      withNames(runs.map(({ place, value }) => ({ name: value.run.name, place, report: value }))),
    ),
    ablations: ablations.map(({ place, value }) => ({ place, ablation: value })),
    comparisons: comparisons.map(({ place, value }) => ({ place, comparison: value })),
    datasets: (await allOf('dataset', readDataset)).map(({ value }) => value),
    trainings: (await allOf('training', readTraining)).map(({ value }) => value),
    benchmarks: (await allOf('benchmark', readBenchmark)).map(({ value }) => value),
    notes,
  };
  const runFolders = runs.map(({ folder }) => folder);
  if (comparisons.length === 0 && runs.length > 1) await addComparison(report, runFolders, onStep);
  return report;
}

/** As a comparison names them: a number where several have the same name. */
function withNames(runs: readonly NamedReport[]): NamedReport[] {
  const seen = new Map<string, number>();
  return runs.map((run) => {
    const times = (seen.get(run.name) ?? 0) + 1;
    seen.set(run.name, times);
    return { ...run, name: times === 1 ? run.name : `${run.name} (${times})` };
  });
}

const DRAW = { seed: 0, replicates: 2000 };

async function addComparison(
  report: ExperimentReport,
  folders: readonly string[],
  onStep: (text: string) => void,
): Promise<void> {
  onStep(`comparing ${folders.length} runs`);
  try {
    const settings = { ...DRAW, training: null, gpus: [], onRun: () => {} };
    const { comparison } = await compareRuns(folders, settings);
    report.comparisons.push({ place: null, comparison });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    report.notes.push(`The runs are not compared: ${error.message}.`);
  }
}

async function readComparison(folder: string): Promise<Comparison> {
  return readJson(join(folder, 'compare.json'), Comparison, 'eval compare --out');
}

async function readAblation(folder: string): Promise<Ablation> {
  return readJson(join(folder, 'ablation.json'), Ablation, 'eval ablate');
}

async function readJson<S extends z.ZodType>(
  path: string,
  schema: S,
  writer: string,
): Promise<z.output<S>> {
  const parsed = schema.safeParse(JSON.parse((await readTextIfThere(path)) ?? 'null'));
  if (parsed.success) return parsed.data;
  throw new UsageError(
    `${path}: ${z.prettifyError(parsed.error)}; run ${writer} again with this version`,
  );
}

async function readBenchmark(folder: string, place: string): Promise<Benchmark> {
  const { benchmark, label, state, message } = await readBenchmarkManifest(folder);
  const hasScores = (await readTextIfThere(join(folder, 'scores.json'))) !== undefined;
  const scores = hasScores ? await readScores(folder) : null;
  return { benchmark, label, state, message, place, scores };
}
