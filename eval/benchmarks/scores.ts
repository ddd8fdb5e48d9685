import { join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../../core/errors.ts';
import { readTextIfThere } from '../../core/read-text.ts';
import { replaceFile } from '../../core/write-file.ts';
import { meanOfColumns } from './clustered-mean.ts';

/** One column of a benchmark's table: the mean of its tasks' values. */
export const ScoreColumn = z.object({
  /** The table it stands in: `BFCL`, or tau2's domain. */
  group: z.string(),
  name: z.string(),
  /** What was to be asked, and what has an answer: entries, or simulations. */
  planned: z.number(),
  answered: z.number(),
  /** 0 to 1, by task; tasks of several columns that are variants of each other have one name. */
  values: z.record(z.string(), z.number()),
});
export type ScoreColumn = z.infer<typeof ScoreColumn>;

/** A column whose value is the mean of other columns' values. */
const MeanColumn = z.object({ group: z.string(), name: z.string(), of: z.array(z.string()) });

const Figure = z.object({
  group: z.string(),
  name: z.string(),
  value: z.number().nullable(),
  standard_error: z.number().nullable(),
});
export type Figure = z.infer<typeof Figure>;

/** scores.json: what a checkpoint scored, task by task, so that two checkpoints can be compared by tasks. */
export const Scores = z.object({
  schema_version: z.literal(1),
  benchmark: z.enum(['bfcl', 'tau2']),
  label: z.string(),
  model: z.string(),
  /** Harness, its version, its data: scores compare only where all of these are the same. */
  measured_with: z.record(z.string(), z.union([z.string(), z.number()])),
  /** Everything that was planned has an answer. */
  complete: z.boolean(),
  /** All tasks of the columns were planned (no --limit). */
  whole: z.boolean(),
  columns: z.array(ScoreColumn),
  means: z.array(MeanColumn),
  figures: z.array(Figure),
});
export type Scores = z.infer<typeof Scores>;

/** The scores with their figures, means first in each group. */
export function withFigures(scores: Omit<Scores, 'figures'>): Scores {
  const means = scores.means.map(({ group, name, of }) => {
    const parts = scores.columns.filter(
      (column) => column.group === group && of.includes(column.name),
    );
    return { group, name, ...figureOf(parts, of.length) };
  });
  const columns = scores.columns.map((column) => ({
    group: column.group,
    name: column.name,
    ...figureOf([column], 1),
  }));
  return { ...scores, figures: [...means, ...columns] };
}

export async function writeScores(folder: string, scores: Scores): Promise<void> {
  await replaceFile(join(folder, 'scores.json'), `${JSON.stringify(scores, null, 1)}\n`);
}

/** @throws UsageError where the folder has none */
export async function readScores(folder: string): Promise<Scores> {
  const path = join(folder, 'scores.json');
  const text = await readTextIfThere(path);
  if (text === undefined)
    throw new UsageError(
      `${path} is not there: name the --out folder of an eval bfcl or eval tau2 that has finished`,
    );
  try {
    return Scores.parse(JSON.parse(text));
  } catch (cause) {
    throw new UsageError(`${path} cannot be read as scores; was it written by another version?`, {
      cause,
    });
  }
}

/** Null where a column of it has no answer at all. */
function figureOf(columns: ScoreColumn[], wanted: number): Omit<Figure, 'group' | 'name'> {
  if (columns.length < wanted) return { value: null, standard_error: null };
  const { mean, standardError } = meanOfColumns(columns.map(({ values }) => values));
  return { value: mean, standard_error: standardError };
}
