import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatasetManifest } from '../../distill/dataset-manifest.ts';
import type { DatasetRow, Split } from '../../distill/dataset-row.ts';
import { DecisionLine } from '../../distill/decision-line.ts';
import type { Trainer } from '../../distill/layouts/layout.ts';
import { LAYOUTS } from '../../distill/layouts/layouts.ts';

/** A dataset's folder as a test looks at it. */
export interface ReadDataset {
  manifest: DatasetManifest;
  decisions: DecisionLine[];
  rows: (trainer: Trainer, split: Split) => Promise<DatasetRow[]>;
}

export async function readDataset(folder: string): Promise<ReadDataset> {
  const text = await readFile(join(folder, 'manifest.json'), 'utf8');
  const manifest = DatasetManifest.parse(JSON.parse(text));
  return {
    manifest,
    decisions: (await linesOf(join(folder, 'decisions.jsonl'))).map((line) =>
      DecisionLine.parse(line),
    ),
    rows: async (trainer, split) => {
      const layout = LAYOUTS[trainer];
      const lines = await linesOf(join(folder, layout.file(split)));
      return lines.map((line) => layout.read(line, manifest.task));
    },
  };
}

/** The values of a JSONL file; none where it is absent. */
export async function linesOf(path: string): Promise<unknown[]> {
  if (!existsSync(path)) return [];
  const text = await readFile(path, 'utf8');
  return text.split('\n').flatMap((line): unknown[] => (line === '' ? [] : [JSON.parse(line)]));
}
