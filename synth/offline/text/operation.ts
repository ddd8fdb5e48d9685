import { isPlural } from '../words/grammar.ts';
import { NEEDS_PARTICLE, PARTICLES, VERBS, type VerbKind } from '../words/verbs.ts';
import type { Action, FoundAction } from './action.ts';
import { type NounPhrase, nounPhraseAt } from './noun-phrase.ts';
import type { Token } from './tokens.ts';

/** The operation whose verb stands at a token, with its particle and object; none where it has no object. */
export function operationAt(
  tokens: readonly Token[],
  at: number,
  verb: string,
  form: Action['form'],
  negated = false,
): FoundAction[] {
  const kind = VERBS.get(verb);
  if (kind === undefined) return [];
  const next = tokens[at + 1]?.lower ?? '';
  const particle = (PARTICLES.get(verb) ?? []).includes(next) ? next : '';
  if (particle === '' && NEEDS_PARTICLE.has(verb))
    return separated(tokens, at, verb, kind, form, negated);
  const object = nounPhraseAt(tokens, at + (particle === '' ? 1 : 2));
  if (object === undefined) return [];
  if (particle === '') {
    const toggled = toggle(tokens, object, verb);
    if (toggled !== undefined) return [{ ...toggled, kind, form, negated }];
    const late = lateParticle(tokens, object, verb);
    return [{ verb, particle: late, object, kind, form, negated }];
  }
  return [{ verb, particle, object, kind, form, negated }];
}

/** "Switch the Bounce Keys switch to on" turns bounce keys on. */
function toggle(
  tokens: readonly Token[],
  object: NounPhrase,
  verb: string,
): Pick<Action, 'verb' | 'particle' | 'object'> | undefined {
  const [to, state] = tokens.slice(object.next, object.next + 2).map(({ lower }) => lower);
  if (!/^(?:switch|set|turn)$/.test(verb) || to !== 'to' || (state !== 'on' && state !== 'off'))
    return undefined;
  const text = object.text.replace(/ switch$/, '');
  const head = text.split(' ').at(-1)?.toLowerCase() ?? text;
  return {
    verb: 'turn',
    particle: state,
    object: { ...object, text, head, plural: isPlural(head) },
  };
}

/** "Turn the heating off": the particle after the object. */
function separated(
  tokens: readonly Token[],
  at: number,
  verb: string,
  kind: VerbKind,
  form: Action['form'],
  negated: boolean,
): FoundAction[] {
  const object = nounPhraseAt(tokens, at + 1);
  if (object === undefined) return [];
  const particle = lateParticle(tokens, object, verb);
  return particle === '' ? [] : [{ verb, particle, object, kind, form, negated }];
}

function lateParticle(tokens: readonly Token[], object: NounPhrase, verb: string): string {
  const next = tokens[object.next]?.lower ?? '';
  const allowed = (PARTICLES.get(verb) ?? []).filter((word) =>
    /^(?:on|off|up|in|out|down|over|back)$/.test(word),
  );
  if (!allowed.includes(next)) return '';
  // "switch the lamp on" but not "set the date in the calendar".
  const after = tokens[object.next + 1];
  return after === undefined ||
    !after.isWord ||
    /^(?:and|or|if|when|to|for|before|after)$/.test(after.lower)
    ? next
    : '';
}
