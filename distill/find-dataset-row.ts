import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { errorMessage, UsageError } from '../core/errors.ts';
import { readJsonl } from '../core/jsonl-read.ts';
import { type DatasetManifest, finishedDataset } from './dataset-manifest.ts';
import { type DatasetRow, Split } from './dataset-row.ts';
import type { Trainer } from './layouts/layout.ts';
import { LAYOUTS } from './layouts/layouts.ts';

/** Which row of a dataset: by its place from 0, or by its id or the beginning of it. */
export interface WantedRow {
  by: { row: number } | { id: string };
  /** By place train unless given; by id all of them. */
  split: Split | undefined;
  /** The first that the dataset was written for, unless given. */
  trainer: Trainer | undefined;
}

/** A row read back from a trainer's file. */
export interface FoundDatasetRow {
  row: DatasetRow;
  trainer: Trainer;
  split: Split;
  /** Its place in the file, from 0. */
  index: number;
  /** Relative to the dataset's folder. */
  file: string;
  manifest: DatasetManifest;
}

/**
 * Finds a row in the files of a dataset.
 * @throws UsageError when the folder is no dataset, it has no such trainer, split, row or id, or an id fits several
 */
export async function findDatasetRow(folder: string, wanted: WantedRow): Promise<FoundDatasetRow> {
  const manifest = await finishedDataset(folder);
  const trainer = trainerOf(folder, manifest, wanted.trainer);
  const rows = (split: Split) => rowsOf(folder, manifest, trainer, split);
  if ('row' in wanted.by) return atPlace(rows(wanted.split ?? 'train'), wanted.by.row, folder);
  const { id } = wanted.by;
  const there = wanted.split === undefined ? splitsOf(folder, trainer) : [wanted.split];
  const found: FoundDatasetRow[] = [];
  for (const split of there)
    for await (const candidate of rows(split)) {
      if (candidate.row.id === id) return candidate;
      if (candidate.row.id.startsWith(id)) found.push(candidate);
    }
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  throw new UsageError(noSingleRow(folder, id, found, there));
}

function trainerOf(folder: string, { trainers }: DatasetManifest, asked: Trainer | undefined) {
  const trainer = asked ?? trainers[0];
  if (trainer !== undefined && trainers.includes(trainer)) return trainer;
  throw new UsageError(
    `${folder} was not written for ${trainer ?? 'any trainer'}; --trainer may be ${trainers.join(', ')}`,
  );
}

function splitsOf(folder: string, trainer: Trainer): Split[] {
  return Split.options.filter((split) => existsSync(join(folder, LAYOUTS[trainer].file(split))));
}

async function* rowsOf(
  folder: string,
  manifest: DatasetManifest,
  trainer: Trainer,
  split: Split,
): AsyncGenerator<FoundDatasetRow> {
  const file = LAYOUTS[trainer].file(split);
  const path = join(folder, file);
  if (!existsSync(path)) {
    const there = splitsOf(folder, trainer).join(', ') || 'none';
    throw new UsageError(`${folder} has no split ${split} for ${trainer}; there is ${there}`);
  }
  let index = 0;
  for await (const { value, line } of readJsonl(path)) {
    const row = read(value, trainer, manifest, `${path}, line ${line}`);
    yield { row, trainer, split, index, file, manifest };
    index += 1;
  }
}

function read(value: unknown, trainer: Trainer, { task }: DatasetManifest, where: string) {
  try {
    return LAYOUTS[trainer].read(value, task);
  } catch (cause) {
    throw new UsageError(`${where}: ${errorMessage(cause)}`, { cause });
  }
}

async function atPlace(rows: AsyncGenerator<FoundDatasetRow>, place: number, folder: string) {
  let count = 0;
  for await (const found of rows) {
    if (found.index === place) return found;
    count += 1;
  }
  const has = count === 0 ? 'no row' : `${count} rows, 0 to ${count - 1}`;
  throw new UsageError(`--row ${place}: that split of ${folder} has ${has}`);
}

const NAMED = 5;

function noSingleRow(
  folder: string,
  id: string,
  found: readonly FoundDatasetRow[],
  splits: readonly Split[],
): string {
  const asked = `--id ${JSON.stringify(id)}`;
  if (found.length === 0)
    return `${asked}: no row of ${folder} has that id in ${splits.join(', ') || 'any split'}; ${folder}/decisions.jsonl lists all ids, those left out too`;
  const ids = found.slice(0, NAMED).map(({ row }) => row.id);
  return `${asked} fits ${found.length} rows of ${folder}: ${ids.join(', ')}${found.length > NAMED ? ', ...' : ''}`;
}
