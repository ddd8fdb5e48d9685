import { UsageError } from '../errors.ts';
import type { ServedModel } from './served-model.ts';

/** Of a GPU's memory; the rest is for the cache of keys and values. */
const SHARE_FOR_WEIGHTS = 0.7;

/**
 * Over how many GPUs a model is split: as few as hold its weights and leave room for long requests, a power of two.
 * `gpuGb` is the memory of one GPU in GB, `gpus` how many there are (null: unknown). Returns the number, and how it
 * was found, for the user.
 * @throws UsageError when that many are not there, or the given number does not divide the model's heads
 */
export function chooseTensorParallel(
  model: ServedModel,
  gpuGb: number,
  gpus: number | null,
  given: number | undefined,
): { tensorParallel: number; why: string | null } {
  const heads = model.keyValueHeads;
  const tensorParallel = given ?? needed(model, gpuGb);
  if (given !== undefined && heads !== null && heads % given !== 0 && given % heads !== 0)
    throw new UsageError(
      `--tensor-parallel ${given} does not divide the model's ${heads} key-value heads; 1, 2, 4 and 8 are usual`,
    );
  if (gpus !== null && tensorParallel > Math.max(gpus, 1))
    throw new UsageError(
      `${given === undefined ? `${why(model, gpuGb)}, so on ${tensorParallel}` : `--tensor-parallel ${given} wants ${given}`} GPUs, and there ${gpus === 1 ? 'is 1' : `are ${gpus}`}`,
    );
  return {
    tensorParallel,
    why: given === undefined && tensorParallel > 1 ? why(model, gpuGb) : null,
  };
}

function needed({ weightBytes }: ServedModel, gpuGb: number): number {
  let count = 1;
  while ((weightBytes ?? 0) / count > gpuGb * 1e9 * SHARE_FOR_WEIGHTS) count *= 2;
  return count;
}

function why({ weightBytes }: ServedModel, gpuGb: number): string {
  const weights = ((weightBytes ?? 0) / 1e9).toFixed(1);
  return `weights of ${weights} GB on GPUs of ${gpuGb.toFixed(0)} GB, of which ${SHARE_FOR_WEIGHTS * 100}% may hold weights`;
}
