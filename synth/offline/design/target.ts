import { type Action, actionName } from '../text/action.ts';
import { nameOf, withArticle } from '../text/noun-phrase.ts';
import type { Reading } from '../text/reading.ts';
import { article, capitalised, isUncountable, snake } from '../words/grammar.ts';
import { CREATES } from '../words/verbs.ts';
import { mainNoun, type NominalGoal } from './goal.ts';

/** What a tool is to do, before its parameters are known. */
export interface Target {
  name: string;
  description: string;
  kind: 'read' | 'write';
  /** Whether its object comes into being by it. */
  creates: boolean;
  /** The object's last word, as a part of names. */
  noun: string;
  /** The sentence that tells of it, -1 for none. */
  sentence: number;
}

/** An operation of the text as a tool's target. */
export function targetOf(action: Action): Target {
  const { object, verb, form } = action;
  const creates = CREATES.test(verb);
  const particle = action.particle === '' ? '' : ` ${action.particle}`;
  const isOne = !object.plural && !isUncountable(object.head) && !/^[A-Z]/.test(object.text);
  const isNew = creates && isOne && (object.determiner !== '' || form === 'title');
  const settled = /^an?$/.test(object.determiner) ? { ...object, determiner: 'the' } : object;
  const phrase = isNew ? `${article(object.text)} ${object.text}` : withArticle(settled, 'the');
  return {
    name: actionName(action),
    description: capitalised(`${verb}${particle} ${phrase}.`),
    kind: action.kind === 'write' || action.kind === 'cook' ? 'write' : 'read',
    creates,
    noun: nameOf({ text: object.text.split(' ').slice(-1).join(' '), head: object.head }, true),
    sentence: action.sentence,
  };
}

/** A passage without a usable operation still has a matter: a request for its main noun. */
export function fallbackTarget(reading: Reading, nominal: NominalGoal | undefined): Target {
  const noun = nominal?.noun ?? mainNoun(reading) ?? 'service';
  const verb = nominal?.verb ?? 'request';
  return {
    name: `${snake(verb)}_${snake(noun)}`,
    description: `${capitalised(verb)} ${article(noun)} ${noun}.`,
    kind: 'write',
    creates: true,
    noun: snake(noun),
    sentence: -1,
  };
}
