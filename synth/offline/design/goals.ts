import type { Action } from '../text/action.ts';
import type { Reading } from '../text/reading.ts';
import { isIncidental, isService, nominalGoal, rankedActions } from './goal.ts';
import { fallbackTarget, type Target, targetOf } from './target.ts';

/**
 * What people come for, the most likely first and never none: services the text tells of, a thing it is about, its
 * other operations; the main noun where nothing else is there.
 */
export function goalsOf(reading: Reading, onDevice: boolean): Target[] {
  const ranked = rankedActions(reading).filter(({ negated }) => !negated);
  const writes = ranked.filter(({ kind }) => kind === 'write' || kind === 'cook');
  const [services, others] = parted(writes, (action) => isService(action, reading));
  const [incidental, steps] = parted(others, isIncidental);
  const [own, served] = parted(steps, ({ form, by }) => form !== 'passive' && by !== 'staff');
  const goals = [
    ...services.map(targetOf),
    ...nominal(reading, 3, onDevice),
    ...[...own, ...served].map(targetOf),
    ...nominal(reading, 2, onDevice),
  ];
  if (goals.length > 0) return goals;
  const last = incidental[0] ?? ranked[0];
  return [last === undefined ? fallbackTarget(reading, undefined) : targetOf(last)];
}

function nominal(reading: Reading, least: number, onDevice: boolean): Target[] {
  const goal = onDevice ? undefined : nominalGoal(reading, least);
  return goal === undefined ? [] : [fallbackTarget(reading, goal)];
}

function parted(
  actions: readonly Action[],
  test: (action: Action) => boolean,
): [yes: Action[], no: Action[]] {
  return [actions.filter(test), actions.filter((action) => !test(action))];
}
