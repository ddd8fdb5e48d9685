import { join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../../../core/errors.ts';
import { readTextIfThere } from '../../../core/read-text.ts';

const Point = z.object({
  step: z.number(),
  loss: z.number().nullable(),
  eval_loss: z.number().nullable(),
});
export type LossPoint = z.infer<typeof Point>;

/** What a report shows of the manifest that `gem-traj train` writes. */
const TrainingManifest = z.object({
  state: z.enum(['running', 'finished', 'stopped', 'failed']),
  name: z.string(),
  trainer: z.string(),
  model: z.string(),
  dataset: z.object({
    name: z.string(),
    task: z.string(),
    offline: z.boolean(),
    rows: z.number(),
    tokens: z.number(),
  }),
  versions: z.record(z.string(), z.string()).default({}),
  starts: z.array(z.unknown()).default([]),
  steps: z.object({ done: z.number(), all: z.number().nullable() }),
  tokens_per_second: z.number().nullable().default(null),
  peak_memory_gb: z.number().nullable().default(null),
  result: z.string().nullable().default(null),
  error: z.string().nullable().default(null),
});

/** A training: its settings in short, how it ended, and its losses. */
export const Training = TrainingManifest.omit({ starts: true }).extend({
  place: z.string(),
  /** How often it was begun or gone on with. */
  starts: z.number().int(),
  /** First and last in the order of steps, of all that were logged. */
  first: Point.nullable(),
  last: Point.nullable(),
  lowest_eval: Point.nullable(),
  logged: z.number().int(),
  /** An even choice of what was logged. */
  points: z.array(Point),
});
export type Training = z.infer<typeof Training>;

/** Points of a curve that a page can hold. */
const MOST_POINTS = 1000;

/** @throws UsageError where the manifest is not as `train` writes it */
export async function readTraining(folder: string, place: string): Promise<Training> {
  const path = join(folder, 'manifest.json');
  const parsed = TrainingManifest.safeParse(JSON.parse((await readTextIfThere(path)) ?? 'null'));
  if (!parsed.success)
    throw new UsageError(
      `${path}: ${z.prettifyError(parsed.error)}; was it changed by hand, or written by another version?`,
    );
  const points = await readPoints(join(folder, 'loss.jsonl'));
  const validated = points.filter(({ eval_loss: loss }) => loss !== null);
  const trained = points.filter(({ loss }) => loss !== null);
  const lowest = [...validated].sort((a, b) => (a.eval_loss ?? 0) - (b.eval_loss ?? 0))[0];
  return {
    ...parsed.data,
    model: modelName(parsed.data.model, folder),
    place,
    starts: parsed.data.starts.length,
    first: trained[0] ?? null,
    last: trained.at(-1) ?? null,
    lowest_eval: lowest ?? null,
    logged: points.length,
    points: [...thinned(trained), ...thinned(validated.filter(({ loss }) => loss === null))].sort(
      (a, b) => a.step - b.step,
    ),
  };
}

/** A model that was made for the training lies in its folder: where that lies is nobody's business. */
function modelName(model: string, folder: string): string {
  const inside = relative(resolve(folder), model);
  return model.startsWith('/') && !inside.startsWith('..') ? inside : model;
}

/** In the order of steps; none where nothing was logged. A line cut off by a kill is passed over, as `train` does. */
async function readPoints(path: string): Promise<LossPoint[]> {
  const lines = ((await readTextIfThere(path)) ?? '').split('\n');
  return lines.flatMap(pointOf).sort((a, b) => a.step - b.step);
}

function pointOf(line: string): LossPoint[] {
  try {
    return [Point.parse(JSON.parse(line))];
  } catch {
    return [];
  }
}

function thinned(points: readonly LossPoint[]): LossPoint[] {
  const step = Math.max(1, points.length / MOST_POINTS);
  return points.filter(
    ({ eval_loss: loss }, index) =>
      loss !== null || index === points.length - 1 || Math.floor(index % step) === 0,
  );
}
