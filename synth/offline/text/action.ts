import { snake } from '../words/grammar.ts';
import type { VerbKind } from '../words/verbs.ts';
import { type NounPhrase, nameOf } from './noun-phrase.ts';

/** An operation that the text tells of: a verb and what it is done to. */
export interface Action {
  verb: string;
  /** "on" of "turn on", "for" of "apply for"; empty without one. */
  particle: string;
  object: NounPhrase;
  kind: VerbKind;
  form: 'order' | 'actor' | 'passive' | 'title';
  /** Who does it, where the text says so. */
  by?: 'client' | 'staff';
  /** Index of the sentence it was found in. */
  sentence: number;
  /** Whether the text says that it is not done ("cannot be changed"). */
  negated: boolean;
}

/** An action's tool name: "turn_on_bounce_keys". */
export function actionName({
  verb,
  particle,
  object,
}: Pick<Action, 'verb' | 'particle' | 'object'>): string {
  const named = particle === '' || /^(?:to)$/.test(particle) ? verb : `${verb}_${particle}`;
  return `${snake(named)}_${nameOf(object)}`;
}

/** An action before it is known where it was found. */
export type FoundAction = Omit<Action, 'sentence'>;
