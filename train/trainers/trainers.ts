import type { TrainerName } from '../recipe.ts';
import { planAxolotl } from './axolotl.ts';
import { planLlamaFactory } from './llamafactory.ts';
import type { PlanTrainer } from './plan.ts';
import { planSwift } from './swift.ts';
import { planTrl } from './trl.ts';

/** All trainers by name. */
export const TRAINERS: Record<TrainerName, PlanTrainer> = {
  trl: planTrl,
  llamafactory: planLlamaFactory,
  swift: planSwift,
  axolotl: planAxolotl,
};
