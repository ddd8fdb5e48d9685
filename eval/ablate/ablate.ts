import { join } from 'node:path';
import { stringify } from 'yaml';
import { replaceFile } from '../../core/write-file.ts';
import { type ScoreReport, scoreReport } from '../benchmarks/score-report.ts';
import { readScores, type Scores } from '../benchmarks/scores.ts';
import type { Block } from '../compare/block.ts';
import { compareRuns } from '../compare/compare.ts';
import type { Comparison } from '../compare/comparison.ts';
import { blockMarkdown } from '../compare/markdown.ts';
import { writeComparison } from '../compare/write.ts';
import { type Ablation, ablationOf } from './ablation.ts';
import { ablationBlocks } from './blocks.ts';
import type { AblationConfig } from './config.ts';
import type { AblationPlan } from './plan.ts';
import { runVariants, type VariantsJob } from './run-variants.ts';

/** What an ablation is asked to do. */
export interface AblateJob extends Omit<VariantsJob, 'runs'> {
  config: AblationConfig;
  plan: AblationPlan;
  /** Folder of the runs and of what is written about them. */
  out: string;
}

/** What became of it. */
export interface AblateEnd {
  ablation: Ablation;
  comparison: Comparison | null;
  /** The account, piece by piece, and the benchmark tables below it as lines. */
  blocks: Block[];
  scores: string[];
  /** The files that were written. */
  paths: string[];
}

/**
 * Makes the runs, compares them where all are there, and writes ablation.json and ablation.md beside them (compare.json
 * and compare.md with the comparison).
 * @throws UsageError for what the user can fix; every run can be gone on with
 */
export async function ablate(job: AblateJob): Promise<AblateEnd> {
  const { plan, config, out, offline } = job;
  const scores = await scoresOf(config);
  await replaceFile(join(out, 'config.yaml'), stringify(config));
  const manifests = await runVariants({ ...job, runs: plan.runs });
  const ablation = await ablationOf(plan, manifests, offline);
  const comparison = ablation.complete ? await compared(plan, config) : null;
  const paths = comparison === null ? [] : await writeComparison(out, comparison);
  const blocks = ablationBlocks(ablation, comparison);
  const files: [string, string][] = [
    ['ablation.json', `${JSON.stringify(ablation, null, 2)}\n`],
    ['ablation.md', `${blockMarkdown(blocks)}${scores === null ? '' : `\n${scores.markdown}`}`],
  ];
  for (const [name, text] of files) await replaceFile(join(out, name), text);
  const own = files.map(([name]) => join(out, name));
  return {
    ablation,
    comparison,
    blocks,
    scores: scores?.text ?? [],
    paths: [...own, ...paths],
  };
}

/** Read before anything is asked: a folder that is not there is told at once. */
async function scoresOf({ scores }: AblationConfig): Promise<ScoreReport | null> {
  const checkpoints: Scores[] = [];
  for (const [variant, folders] of Object.entries(scores))
    for (const folder of folders) {
      const read = await readScores(folder);
      checkpoints.push({ ...read, label: `${variant}: ${read.label}` });
    }
  return checkpoints.length === 0 ? null : scoreReport(checkpoints, true);
}

async function compared({ runs }: AblationPlan, { compare }: AblationConfig): Promise<Comparison> {
  const { training, gpus, seed, replicates } = compare;
  const folders = runs.map(({ folder }) => folder);
  const settings = {
    seed,
    replicates,
    training: training ?? null,
    gpus: gpus === undefined ? [] : [gpus],
    onRun: () => {},
  };
  return (await compareRuns(folders, settings)).comparison;
}
