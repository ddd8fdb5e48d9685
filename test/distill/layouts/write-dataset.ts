import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DatasetRow, DatasetTask } from '../../../distill/dataset-row.ts';
import type { Layout } from '../../../distill/layouts/layout.ts';
import { LAYOUTS } from '../../../distill/layouts/layouts.ts';

/** Writes rows as the training split of every trainer's files below a folder; throws for a refused row. */
export async function writeDataset(
  folder: string,
  task: DatasetTask,
  rows: readonly DatasetRow[],
): Promise<void> {
  for (const layout of Object.values(LAYOUTS)) {
    const lines = rows.map((row) => `${JSON.stringify(lineOf(layout, row, task))}\n`);
    await writeText(join(folder, layout.file('train')), lines.join(''));
    const splits = [{ split: 'train' as const, rows: rows.length }];
    for (const { path, text } of layout.sidecars({ task, name: 'probes', splits })) {
      await writeText(join(folder, path), text);
    }
  }
}

/** A row's line in a layout; throws when the layout refuses it. */
export function lineOf(
  layout: Layout,
  row: DatasetRow,
  task: DatasetTask,
): Record<string, unknown> {
  const answer = layout.line(row, task);
  if (!answer.ok) throw new Error(`${layout.trainer} refuses ${row.id}: ${answer.reason}`);
  return answer.line;
}

async function writeText(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
