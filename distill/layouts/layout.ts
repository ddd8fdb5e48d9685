import { z } from 'zod';
import type { DatasetRow, DatasetTask, Split } from '../dataset-row.ts';

/** A trainer that datasets are written for. */
export const Trainer = z.enum(['trl', 'llamafactory', 'swift', 'axolotl']);
export type Trainer = z.infer<typeof Trainer>;

/** A row as a trainer's file has it, or why that trainer cannot be given the row. */
export type LayoutLine =
  | { ok: true; line: Record<string, unknown> }
  | { ok: false; reason: string };

/** What the files beside the rows tell of. */
export interface DatasetAbout {
  task: DatasetTask;
  /** The dataset's name, for trainers that call datasets by one: letters, digits, `_` and `-`. */
  name: string;
  splits: readonly { split: Split; rows: number }[];
}

/** A small file beside the rows; the path is relative to the dataset's folder. */
export interface Sidecar {
  path: string;
  text: string;
}

/** How one trainer's dataset lies on disk. */
export interface Layout {
  trainer: Trainer;
  /** The path of a split's JSONL file, relative to the dataset's folder. */
  file(split: Split): string;
  /** A row as a line of that file, or the reason why the trainer would refuse, skip or change it. */
  line(row: DatasetRow, task: DatasetTask): LayoutLine;
  /** The row of a line; throws a UsageError when it is none. */
  read(line: unknown, task: DatasetTask): DatasetRow;
  /** Files without which the trainer does not read the rows as they are meant. */
  sidecars(about: DatasetAbout): Sidecar[];
}
