import { existsSync } from 'node:fs';
import { inspectWeights } from '../../core/launch/weights.ts';
import { listCheckpoints } from '../checkpoints.ts';
import type { TrainManifest } from '../manifest.ts';
import { writeTrainManifest } from '../manifest.ts';
import type { TrainerName } from '../recipe.ts';
import { pathsIn } from '../trainers/places.ts';
import type { Outcome } from './outcome.ts';
import type { Tracker } from './tracker.ts';

/** Writes what a training came to: losses first, the manifest last. Returns it. */
export async function closeTraining(
  out: string,
  manifest: TrainManifest,
  tracker: Tracker,
  { state, error }: Outcome,
): Promise<TrainManifest> {
  await tracker.write();
  const seen = tracker.seen();
  const starts = manifest.starts.map((start, index) =>
    index === manifest.starts.length - 1
      ? { ...start, ended_at: new Date().toISOString(), outcome: state }
      : start,
  );
  const closed: TrainManifest = {
    ...manifest,
    state,
    starts,
    steps: { done: seen.steps.done, all: seen.steps.all ?? manifest.steps.all },
    loss: seen.loss,
    tokens_per_second: seen.tokensPerSecond,
    peak_memory_gb: seen.peakMemoryGb,
    result: state === 'finished' ? await resultOf(out, manifest.trainer) : null,
    error,
  };
  await writeTrainManifest(out, closed);
  return closed;
}

/**
 * Whether all steps are done and the weights lie there whole, where nobody saw how the trainer ended: it speaks of the
 * end before it saves for the last time.
 */
export async function hasResult(
  out: string,
  { trainer }: TrainManifest,
  tracker: Tracker,
): Promise<boolean> {
  const result = tracker.isFinished() ? await resultOf(out, trainer) : null;
  return result !== null && existsSync(result) && (await inspectWeights(result)).problem === null;
}

/** What to type next, for people. */
export function afterwards(out: string, manifest: TrainManifest): string {
  const { state, result, recipe, model, steps } = manifest;
  const losses =
    manifest.loss.first === null
      ? ''
      : `, loss ${manifest.loss.first.toPrecision(4)} -> ${manifest.loss.last?.toPrecision(4)}`;
  const done = `${state} after ${steps.done}${steps.all === null ? '' : ` of ${steps.all}`} steps${losses}`;
  if (state !== 'finished' || result === null)
    return `${done}\ngo on: gem-traj train with the same flags and --resume (${out})`;
  const serve = recipe.method.kind === 'lora' ? `${model} --adapter ${result}` : result;
  const server = recipe.device === 'cpu' ? 'transformers' : 'vllm';
  return `${done}\nweights: ${result}\nloss curve: ${out}/loss.svg\nserve it: gem-traj serve ${serve} --with ${server}`;
}

/** ms-swift leaves the trained weights in its last checkpoint only. */
async function resultOf(out: string, trainer: TrainerName): Promise<string | null> {
  const { checkpoints } = pathsIn(out);
  if (trainer !== 'swift') return checkpoints;
  return (await listCheckpoints(checkpoints))[0]?.folder ?? null;
}
