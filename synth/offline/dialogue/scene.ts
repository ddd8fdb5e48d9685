import type { Pattern } from '../../../core/taxonomy.ts';
import type { Random } from '../seed.ts';
import type { Consent } from './cast.ts';
import type { Style } from './phrases.ts';
import type { Script } from './script.ts';
import type { Temptation } from './temptations.ts';
import type { ParameterModel, ToolModel } from './tool-model.ts';
import type { Voice } from './voice.ts';
import type { World } from './world.ts';

export type Scalar = string | number | boolean;
export type Values = Map<ParameterModel, Scalar>;

/** What a conversation goes on with from one matter to the next. */
export interface Scene {
  script: Script;
  world: World;
  random: Random;
  style: Style;
  /** Rules that nobody has mentioned yet, the best to mention first. */
  rules: string[];
  /** The rule of what comes first, where there is one. */
  order: string | undefined;
  /** What the system message says about consent. */
  consent: Consent;
  /** Ids that results have brought, by parameter name. */
  ids: Map<string, string>;
  voice: Voice;
  /** What the user may ask for against the rules; each is taken out when it was. */
  temptations: Temptation[];
}

/** One matter from the wish to its settlement. */
export interface Episode {
  /** The calls in order: what is looked up, what is checked, what is written. */
  path: ToolModel[];
  /** The write that the matter is about; its limits are the ones tried. */
  goal: ToolModel;
  patterns: ReadonlySet<Pattern>;
  /** What the user opens with, before any value. */
  opening: string;
}
