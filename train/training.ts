import type { NamedCluster } from '../core/launch/cluster.ts';
import type { Dataset } from './dataset.ts';
import type { TrainManifest } from './manifest.ts';
import type { Preflight } from './preflight/preflight.ts';
import type { Recipe } from './recipe.ts';
import type { Place, TrainerPlan } from './trainers/plan.ts';

/** A training that is to run, planned as a whole. */
export interface Training {
  /** The recipe's. */
  name: string;
  recipe: Recipe;
  dataset: Dataset;
  place: Place;
  plan: TrainerPlan;
  preflight: Preflight;
  /** null: on this machine. */
  cluster: NamedCluster | null;
  /** Slurm jobs that must end well before. */
  after: readonly string[];
  /** What an earlier start left in OUT. */
  before: TrainManifest | null;
  /** The step it goes on from; 0: from the beginning. */
  fromStep: number;
  /** What the user should know of the resuming. */
  notes: string[];
  asJson: boolean;
}
