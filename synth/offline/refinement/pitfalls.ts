import { NUMBER_PATTERN, numberValue } from '../words/grammar.ts';
import type { Constraint } from '../../../core/workflow.ts';
import type { Random } from '../seed.ts';
import { mistyped } from '../values.ts';
import type { Anchor } from './extras.ts';

/** A wrong assumption in the user's words, and how the assistant puts it right. */
export interface Pitfall {
  said: string;
  correction: string;
}

/** A pitfall that fits the record: a wrong reference, a status that is out of date, or a limit misremembered. */
export function pitfallOf(anchor: Anchor, constraints: readonly Constraint[], random: Random): Pitfall {
  const makers = random.shuffle([wrongReference, staleStatus, wrongLimit]);
  for (const make of makers) {
    const pitfall = make(anchor, constraints, random);
    if (pitfall !== undefined) return pitfall;
  }
  return { said: `It should be ${anchor.id}.`, correction: `${anchor.id} is right.` };
}

function wrongReference({ id }: Anchor, _constraints: readonly Constraint[], random: Random): Pitfall | undefined {
  const wrong = mistyped(id, random);
  if (wrong === id) return undefined;
  return {
    said: random.pick([`I have it down as ${wrong}.`, `That is ${wrong}, isn't it?`, `The reference is ${wrong}, I think.`]),
    correction: random.pick([`The reference is ${id}, not ${wrong}; I used ${id}.`, `It is ${id} and not ${wrong}.`, `You wrote ${wrong}, but the record is ${id}.`]),
  };
}

function staleStatus({ facts }: Anchor, _constraints: readonly Constraint[], random: Random): Pitfall | undefined {
  const { status } = facts;
  if (typeof status !== 'string' || status === 'open') return undefined;
  return {
    said: random.pick(['I suppose it stays open for now.', 'It will still show as open, I take it.', 'For now it counts as open, right?']),
    correction: random.pick([`It is not open any more: the status is ${status}.`, `Its status is ${status}, no longer open.`]),
  };
}

/** Takes a bound that the rule states in a number, so that the correction repeats what the system message says. */
function wrongLimit(_anchor: Anchor, constraints: readonly Constraint[], random: Random): Pitfall | undefined {
  const bound = constraints.find(({ operator, value, unit }) => operator === '<=' && typeof value === 'number' && value > 2 && unit !== undefined);
  if (bound === undefined || typeof bound.value !== 'number') return undefined;
  const numbers = Array.from(bound.rule.matchAll(new RegExp(NUMBER_PATTERN, 'gi')), ([word]) => numberValue(word));
  if (!numbers.includes(bound.value)) return undefined;
  const wrong = bound.value + random.int(1, 3);
  return {
    said: `The most is ${wrong} ${bound.unit}, as far as I remember.`,
    correction: `The most is ${bound.value} ${bound.unit}, not ${wrong}.`,
  };
}
