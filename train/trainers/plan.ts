import type { BashWord } from '../../core/launch/bash-words.ts';
import type { Dataset } from '../dataset.ts';
import type { Recipe, TrainerName } from '../recipe.ts';

/** Where a training runs. Folders are absolute, and the same on all nodes. */
export interface Place {
  on: 'local' | 'slurm';
  /** The trainer's Python: a path, or a name on the PATH of a node. */
  python: string;
  out: string;
  /** What is trained: a folder, or a name on the hub. */
  model: { source: string; isFolder: boolean };
  /** The checkpoint to go on from. */
  resumeFrom: string | null;
}

/** A file that a trainer is given; the path is relative to OUT. */
export interface TrainerFile {
  path: string;
  text: string;
}

/** How progress is written down: by the trainer itself, or by the callback of run_trainer.py. */
export type ProgressForm = 'callback' | 'llamafactory' | 'swift';

/** What a trainer is given and what it leaves. */
export interface TrainerPlan {
  trainer: TrainerName;
  files: TrainerFile[];
  /** The same on each node; only a node of several knows some of its words. */
  argv: BashWord[];
  env: Record<string, string>;
  progress: { path: string; form: ProgressForm };
  /** The folder of checkpoint-N folders. */
  checkpoints: string;
  /** Where the trained model is at the end: this folder, or the last checkpoint in it. */
  result: { folder: string; isLastCheckpoint: boolean };
}

/** One trainer: says what it would be given, and does nothing. */
export type PlanTrainer = (recipe: Recipe, dataset: Dataset, place: Place) => TrainerPlan;
