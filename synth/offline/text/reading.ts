import { endsInNoun } from '../words/tagger.ts';
import type { Action } from './action.ts';
import { findActions } from './actions.ts';
import { type Choice, findChoices } from './choices.ts';
import { findIdentifiers, type Identifier } from './identifiers.ts';
import { findLimits, type Limit } from './limits.ts';
import { findRules, type Rule } from './rules.ts';
import { type Sentence, splitSentences } from './sentences.ts';

/** What the rules find in a passage. */
export interface Reading {
  text: string;
  title: string | undefined;
  sentences: Sentence[];
  actions: Action[];
  limits: Limit[];
  choices: Choice[];
  identifiers: Identifier[];
  rules: Rule[];
}

/** Reads a passage: its operations, limits, alternatives, identifiers and rules. */
export function readPassage(text: string): Reading {
  const sentences = splitSentences(text);
  const first = sentences[0];
  return {
    text,
    title: first?.kind === 'heading' ? first.text : undefined,
    sentences,
    actions: findActions(sentences).filter((action) => endsInNoun(action.object.text)),
    limits: findLimits(sentences),
    choices: findChoices(sentences),
    identifiers: findIdentifiers(text),
    rules: findRules(sentences),
  };
}
