import { valueBeyond } from '../values.ts';
import { fill } from './fill.ts';
import { isFact, isNumeric, measuredValue, told } from './labels.ts';
import * as phrases from './phrases.ts';
import * as replies from './replies.ts';
import type { Episode, Scene, Values } from './scene.ts';
import type { Temptation } from './temptations.ts';
import type { ParameterModel } from './tool-model.ts';

/** What the user wants against the rules: too much of something, another case beyond a limit, or a step left out. */
export type Conflict = BoundConflict | OrderConflict | Temptation;

interface BoundConflict {
  kind: 'choice' | 'fact';
  parameter: ParameterModel;
  wish: number;
  limit: number;
}

interface OrderConflict {
  kind: 'skip' | 'unasked';
  rule: string;
}

/** A conflict that the matter's own limits give; without limits, the wish to leave a step out. */
export function conflictOf(scene: Scene, { path, goal }: Episode, values: Values): Conflict {
  const bounded = [goal, ...path]
    .flatMap(({ parameters }) => parameters)
    .filter((one) => values.has(one) && isNumeric(one) && one.rule !== undefined);
  for (const parameter of bounded) {
    const wish = valueBeyond(parameter, scene.random);
    const limit = parameter.high ?? parameter.low;
    if (wish === undefined || limit === undefined) continue;
    if (isFact(parameter)) return { kind: 'fact', parameter, wish, limit };
    values.set(parameter, limit);
    return { kind: 'choice', parameter, wish, limit };
  }
  const [temptation] = scene.random.shuffle(scene.temptations);
  if (temptation !== undefined) {
    scene.temptations.splice(scene.temptations.indexOf(temptation), 1);
    return temptation;
  }
  const order = path.some(({ writes }) => !writes) ? scene.order : undefined;
  return order === undefined
    ? { kind: 'unasked', rule: scene.consent.told }
    : { kind: 'skip', rule: order };
}

/** The part of the opening that states the wish. */
export function wishText(conflict: Conflict | undefined, { random, style }: Scene): string {
  if (conflict === undefined) return '';
  switch (conflict.kind) {
    case 'choice':
      return fill(phrases.WISHING[style], random, {
        wish: told(conflict.parameter, conflict.wish),
      });
    case 'fact':
      return fill(phrases.SECOND_CASE[style], random, {
        wish: told(conflict.parameter, conflict.wish),
      });
    case 'deed':
      return fill(phrases.FORBIDDEN[style], random, { wish: conflict.wish });
    case 'quantity':
      return fill(phrases.WONDERING[style], random, { wish: conflict.wish });
    default:
      return fill((conflict.kind === 'skip' ? phrases.SKIPPING : phrases.UNASKED)[style], random);
  }
}

/** The assistant keeps the rule, says which, and offers what is possible. */
export function refusal(conflict: Conflict, scene: Scene): string {
  const rule = 'parameter' in conflict ? (conflict.parameter.rule ?? '') : conflict.rule;
  spend(scene, rule);
  const { random } = scene;
  switch (conflict.kind) {
    case 'skip':
    case 'unasked':
      return fill(replies.NO_SKIPPING, random, { rule });
    case 'deed':
      return fill(replies.FORBIDDING, random, { wish: conflict.wish, rule });
    case 'quantity':
      return fill(replies.REFUSING, random, { wish: conflict.wish, rule });
    default:
      return refusedValue(conflict, rule, scene);
  }
}

function refusedValue(
  { kind, parameter, wish, limit }: BoundConflict,
  rule: string,
  { random }: Scene,
): string {
  const refused = fill(replies.REFUSING, random, { wish: told(parameter, wish), rule });
  if (kind === 'fact') return refused;
  return `${refused} ${fill(replies.OFFERING, random, { limit: measuredValue(parameter, limit) })}`;
}

/** Takes a rule from those still to be mentioned. */
export function spend(scene: Scene, rule: string): void {
  const at = scene.rules.indexOf(rule);
  if (at >= 0) scene.rules.splice(at, 1);
}
