import { z } from 'zod';
import { Ablation } from '../../ablate/ablation.ts';
import { BenchmarkManifest } from '../../benchmarks/benchmark-manifest.ts';
import { Scores } from '../../benchmarks/scores.ts';
import { Comparison } from '../../compare/comparison.ts';
import { RunReport } from '../run-report.ts';
import { Dataset } from './dataset.ts';
import { Training } from './training.ts';

/** A checkpoint's benchmark; without scores where none was written yet. */
export const Benchmark = BenchmarkManifest.pick({
  benchmark: true,
  label: true,
  state: true,
  message: true,
}).extend({ place: z.string(), scores: Scores.nullable() });
export type Benchmark = z.infer<typeof Benchmark>;

/** A run by the name that tells it from the others. */
const NamedReport = z.object({ name: z.string(), place: z.string(), report: RunReport });
export type NamedReport = z.infer<typeof NamedReport>;

/** A comparison, and the folder that it stands in; null where it was made for the report. */
const PlacedComparison = z.object({ place: z.string().nullable(), comparison: Comparison });

/** report.json over several folders: what each holds, and the runs beside each other. */
export const ExperimentReport = z.object({
  schema_version: z.literal(1),
  kind: z.literal('experiment'),
  name: z.string(),
  runs: z.array(NamedReport),
  /** Of ablations the comparison stands among the comparisons, by the same place. */
  ablations: z.array(z.object({ place: z.string(), ablation: Ablation })),
  comparisons: z.array(PlacedComparison),
  datasets: z.array(Dataset),
  trainings: z.array(Training),
  benchmarks: z.array(Benchmark),
  /** What could not be shown, and why. */
  notes: z.array(z.string()),
});
export type ExperimentReport = z.infer<typeof ExperimentReport>;
