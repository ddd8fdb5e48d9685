import type { Constraint } from '../../../core/workflow.ts';
import type { Random } from '../seed.ts';
import { mistyped } from '../values.ts';
import { NUMBER_PATTERN, numberValue } from '../words/grammar.ts';
import type { Turn } from './turns.ts';

/** A wrong assumption in the user's words, and how the assistant puts it right. */
export interface Pitfall {
  said: string;
  correction: string;
}

type Maker = (
  turns: readonly Turn[],
  constraints: readonly Constraint[],
  random: Random,
) => Pitfall | undefined;

/** A pitfall that the conversation so far makes believable; undefined where there is none. */
export function pitfallOf(
  turns: readonly Turn[],
  constraints: readonly Constraint[],
  random: Random,
): Pitfall | undefined {
  for (const make of random.shuffle(MAKERS)) {
    const pitfall = make(turns, constraints, random);
    if (pitfall !== undefined) return pitfall;
  }
  return undefined;
}

/** The user goes on with a reference that failed before, or mistypes the one that worked. */
const wrongReference: Maker = (turns, _constraints, random) => {
  const spoken = turns.flatMap((turn) => (turn.kind === 'user' ? [turn.text] : [])).join(' ');
  const calls = turns.flatMap((turn) => (turn.kind === 'call' ? [turn] : []));
  const at = calls.findLastIndex(
    (call) => !call.failed && references(call.args).some((one) => spoken.includes(one)),
  );
  const right = references(calls[at]?.args ?? {}).find((one) => spoken.includes(one));
  if (right === undefined) return undefined;
  const before = calls[at - 1];
  const failed = before?.failed === true ? references(before.args)[0] : undefined;
  const wrong = failed ?? mistyped(right, random);
  if (wrong === right) return undefined;
  return {
    said: random.pick([
      `It is all for ${wrong}, remember.`,
      `That is ${wrong}, as I said.`,
      `Everything under ${wrong}, please.`,
    ]),
    correction: random.pick([
      `I used ${right}, not ${wrong}.`,
      `This is under ${right}; ${wrong} is not the right one.`,
      `You wrote ${wrong} just now, but it is ${right}.`,
    ]),
  };
};

/** The user still counts on a wish that was turned down. */
const refusedWish: Maker = (turns, constraints, random) => {
  for (const { argument, unit, tool } of constraints) {
    if (argument === undefined || unit === undefined) continue;
    const calls = turns.flatMap((turn) =>
      turn.kind === 'call' && turn.name === tool && !turn.failed ? [turn] : [],
    );
    const value = calls.length === 1 ? calls[0]?.args[argument] : undefined;
    if (typeof value !== 'number') continue;
    const opening = turns.find(({ kind }) => kind === 'user');
    const wished =
      opening?.kind === 'user'
        ? new RegExp(`\\b(\\d+) ${unit}\\b`).exec(opening.text)?.[1]
        : undefined;
    if (wished === undefined || Number(wished) === value) continue;
    return {
      said: random.pick([`So that makes ${wished} ${unit}.`, `I count on ${wished} ${unit} then.`]),
      correction: random.pick([
        `It is ${value} ${unit}, not ${wished}.`,
        `To be clear, it is ${value} and not ${wished} ${unit}.`,
      ]),
    };
  }
  return undefined;
};

/** The user misremembers a bound that the rule states in a number. */
const wrongLimit: Maker = (_turns, constraints, random) => {
  const bound = constraints.find(
    ({ operator, value, unit }) =>
      operator === '<=' && typeof value === 'number' && value > 2 && unit !== undefined,
  );
  if (bound === undefined || typeof bound.value !== 'number') return undefined;
  const numbers = Array.from(bound.rule.matchAll(new RegExp(NUMBER_PATTERN, 'gi')), ([word]) =>
    numberValue(word),
  );
  if (!numbers.includes(bound.value)) return undefined;
  const wrong = bound.value + random.int(1, 3);
  return {
    said: random.pick([
      `The most is ${wrong} ${bound.unit}, as far as I remember.`,
      `Next time I will take ${wrong} ${bound.unit}.`,
    ]),
    correction: random.pick([
      `The most is ${bound.value} ${bound.unit}, not ${wrong}.`,
      `Please remember that ${bound.value} ${bound.unit} is the most.`,
    ]),
  };
};

const MAKERS: readonly Maker[] = [wrongReference, refusedWish, wrongLimit];

function references(args: Record<string, unknown>): string[] {
  return Object.values(args).flatMap((value) =>
    typeof value === 'string' && /\d{3}/.test(value) ? [value] : [],
  );
}
