import { readFile } from 'node:fs/promises';
import type { TrainManifest } from '../manifest.ts';
import { pathsIn, progressFile } from '../trainers/places.ts';
import { Tracker } from './tracker.ts';

/** What is known of a training that runs elsewhere, or ran: its progress files, read as they stand. */
export async function openTracker(out: string, manifest: TrainManifest): Promise<Tracker> {
  const { recipe, dataset, starts, name, trainer } = manifest;
  const row = recipe.packing ? recipe.max_length : dataset.tokens / dataset.rows;
  const tracker = await Tracker.open(out, {
    title: `${name}, ${trainer}`,
    tokensPerStep: row * recipe.batch_size,
    fromStep: starts.at(-1)?.from_step ?? 0,
  });
  const { path, form } = progressFile(trainer, out);
  for (const line of await linesOf(path)) tracker.add(form, line);
  if (form === 'callback') return tracker;
  for (const line of await linesOf(pathsIn(out).progress)) tracker.addMoment(line);
  return tracker;
}

async function linesOf(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').filter(Boolean);
}
