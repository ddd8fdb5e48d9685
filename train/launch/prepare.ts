import { existsSync } from 'node:fs';
import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { UsageError } from '../../core/errors.ts';
import { bashCommand, bashWord } from '../../core/launch/bash-words.ts';
import { lastError } from '../../core/launch/last-error.ts';
import { pythonEnv } from '../../core/launch/python.ts';
import { packageRoot } from '../../core/package-root.ts';
import { terminal } from '../../core/terminal.ts';
import { listCheckpoints } from '../checkpoints.ts';
import { MODEL_SCRIPTS } from '../model-source.ts';
import { pathsIn } from '../trainers/places.ts';
import type { Training } from '../training.ts';

/** The command as text, to be read and to be run by hand. */
export function commandText({ plan }: Training): string {
  const settings = Object.entries(plan.env).map(
    ([name, value]) => `export ${name}=${bashWord(value)}\n`,
  );
  return `${settings.join('')}${bashCommand(plan.argv)}\n`;
}

/** Puts everything into OUT that a training needs: its settings, the scripts it runs by, the model where it is made. */
export async function prepareOut(training: Training): Promise<void> {
  const { place, plan, recipe, fromStep } = training;
  const { out } = place;
  const { stop, runTrainer, passInterrupt, checkpoints } = pathsIn(out);
  if (fromStep === 0) await forgetEarlier(out);
  await mkdir(join(out, 'trainer'), { recursive: true });
  await mkdir(checkpoints, { recursive: true });
  await rm(stop, { force: true });
  // A trainer that looks for checkpoints by itself must not find a torn one.
  const torn = (await listCheckpoints(checkpoints)).filter(({ step }) => step > fromStep);
  for (const { folder } of torn) await rename(folder, unusedName(folder));
  for (const { path, text } of plan.files) {
    await mkdir(dirname(join(out, path)), { recursive: true });
    await writeFile(join(out, path), text);
  }
  for (const script of [runTrainer, passInterrupt])
    await copyFile(pythonScript(script.slice(script.lastIndexOf('/') + 1)), script);
  await writeFile(join(out, 'recipe.yaml'), stringify(recipe));
  await writeFile(join(out, 'trainer', 'command.sh'), `#!/bin/bash\n${commandText(training)}`);
  if (typeof recipe.model !== 'string') await makeModel(recipe.model.made_by, training);
}

/** An earlier start that saved nothing may have been of another recipe or dataset. */
async function forgetEarlier(out: string): Promise<void> {
  const { model, cache, prepared } = pathsIn(out);
  for (const made of [model, cache, prepared]) await rm(made, { recursive: true, force: true });
}

function unusedName(folder: string): string {
  const name = folder.slice(folder.lastIndexOf('/') + 1);
  return join(dirname(folder), `torn-${Date.now()}-${name}`);
}

function pythonScript(name: string): string {
  return join(packageRoot(), 'train', 'python', name);
}

/** Under another name until it is whole. */
async function makeModel(made: keyof typeof MODEL_SCRIPTS, { place }: Training): Promise<void> {
  const { model } = pathsIn(place.out);
  const { script, environment } = MODEL_SCRIPTS[made];
  const python = environment === null ? place.python : await pythonEnv(environment);
  if (existsSync(model)) return;
  terminal.note(`making the model ${made} (${model})`);
  const half = `${model}.half`;
  await rm(half, { recursive: true, force: true });
  const env = { HF_HUB_OFFLINE: '1', CUDA_VISIBLE_DEVICES: '' };
  const ran = await execa(python, [pythonScript(script), half], {
    env,
    all: true,
    reject: false,
  });
  if (ran.exitCode !== 0)
    throw new UsageError(`${script} failed; its last error:\n${lastError(ran.all)}`);
  await rename(half, model);
}
