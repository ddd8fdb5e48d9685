import { resolve } from 'node:path';
import { UsageError } from '../core/errors.ts';
import { readCluster } from '../core/launch/cluster.ts';
import { readDataset } from './dataset.ts';
import { interpreterOf } from './interpreter.ts';
import { readTrainManifest } from './manifest.ts';
import { modelSource } from './model-source.ts';
import { preflight } from './preflight/preflight.ts';
import { readRecipe } from './read-recipe.ts';
import type { TrainerName } from './recipe.ts';
import { readResume } from './resume.ts';
import { trainStatus } from './status.ts';
import type { Place } from './trainers/plan.ts';
import { TRAINERS } from './trainers/trainers.ts';
import type { Training } from './training.ts';

/** What the user asked for. */
export interface TrainRequest {
  recipe: string;
  data: string;
  out: string;
  trainer?: TrainerName | undefined;
  on: 'local' | 'slurm';
  cluster?: string | undefined;
  nodes?: number | undefined;
  gpus?: number | undefined;
  resume: boolean;
  set: readonly string[];
  after: readonly string[];
  json: boolean;
}

/**
 * Plans a training: reads recipe, dataset and what is in OUT, and looks at everything that can be looked at before.
 * Nothing is written.
 * @throws UsageError for what cannot be planned at all; what speaks against running it is in `preflight.problems`
 */
export async function planTraining(request: TrainRequest): Promise<Training> {
  const { name, recipe } = await readRecipe(request.recipe, [
    ...request.set,
    ...asSettings(request),
  ]);
  const cluster = await clusterOf(request);
  const dataset = await readDataset(request.data, recipe.trainer);
  const out = resolve(request.out);
  if (request.resume) await writeDownEnd(out);
  const resume = await readResume(out, request.resume, recipe, dataset);
  const place: Place = {
    on: request.on,
    python: await interpreterOf(recipe, cluster ?? undefined),
    out,
    model: modelSource(recipe.model, out),
    resumeFrom: resume.checkpoint?.folder ?? null,
  };
  return {
    name,
    recipe,
    dataset,
    place,
    plan: TRAINERS[recipe.trainer](recipe, dataset, place),
    preflight: await preflight(recipe, dataset, place, cluster),
    cluster,
    after: request.after,
    before: resume.before,
    fromStep: resume.checkpoint?.step ?? 0,
    notes: resume.notes,
    asJson: request.json,
  };
}

/** A job that was ended from outside is not written down until somebody asks. */
async function writeDownEnd(out: string): Promise<void> {
  const manifest = await readTrainManifest(out);
  if (manifest?.state === 'running' && manifest.place.on === 'slurm') await trainStatus(out);
}

/** Flags are settings of the recipe too, and checked as such. */
function asSettings({ trainer, nodes, gpus }: TrainRequest): string[] {
  const given = Object.entries({ trainer, nodes, gpus });
  return given.flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]));
}

async function clusterOf({ on, cluster, after }: TrainRequest) {
  if (on === 'local') {
    if (cluster !== undefined) throw new UsageError('--cluster goes with --on slurm');
    if (after.length > 0) throw new UsageError('--after goes with --on slurm');
    return null;
  }
  if (cluster === undefined)
    throw new UsageError(
      '--on slurm needs --cluster: a name in configs/clusters, or a file (example.yaml explains the keys)',
    );
  return readCluster(cluster);
}
