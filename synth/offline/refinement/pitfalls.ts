import type { ToolDefinition } from '../../../core/conversation.ts';
import type { Constraint } from '../../../core/workflow.ts';
import { modelTools } from '../dialogue/tool-model.ts';
import type { Random } from '../seed.ts';
import { personName } from '../value-kinds.ts';
import { mistyped } from '../values.ts';
import { NUMBER_PATTERN, numberValue } from '../words/grammar.ts';
import type { Turn } from './turns.ts';

/** A wrong assumption in the user's words, and how the assistant puts it right. */
export interface Pitfall {
  said: string;
  correction: string;
}

interface Matter {
  turns: readonly Turn[];
  constraints: readonly Constraint[];
  tools: readonly ToolDefinition[];
}

type Maker = (matter: Matter, random: Random) => Pitfall | undefined;

/** A pitfall that the conversation so far makes believable; undefined where there is none. */
export function pitfallOf(matter: Matter, random: Random): Pitfall | undefined {
  for (const make of random.shuffle(MAKERS)) {
    const pitfall = make(matter, random);
    if (pitfall !== undefined) return pitfall;
  }
  return undefined;
}

/** The user mistypes the reference that worked, or goes on with one that failed. */
const wrongReference: Maker = ({ turns }, random) => {
  const spoken = turns.flatMap((turn) => (turn.kind === 'user' ? [turn.text] : [])).join(' ');
  const calls = callsOf(turns);
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
      `That is ${wrong}, right?`,
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
const refusedWish: Maker = ({ turns, constraints }, random) => {
  for (const { argument, unit, tool } of constraints) {
    if (argument === undefined || unit === undefined) continue;
    const calls = callsOf(turns).filter(({ name, failed }) => name === tool && !failed);
    const value = calls.length === 1 ? calls[0]?.args[argument] : undefined;
    const opening = turns.find(({ kind }) => kind === 'user');
    const wished =
      opening?.kind === 'user'
        ? new RegExp(`\\b(\\d+) ${unit}\\b`).exec(opening.text)?.[1]
        : undefined;
    if (typeof value !== 'number' || wished === undefined || Number(wished) === value) continue;
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
const wrongLimit: Maker = ({ constraints }, random) => {
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

/** The user believes that another step of the service comes along by itself. */
const otherStep: Maker = ({ turns, tools, constraints }, random) => {
  const called = new Set(callsOf(turns).map(({ name }) => name));
  const left = modelTools(tools, constraints).filter(
    ({ name, writes }) => writes && !called.has(name),
  );
  const step = left[0]?.phrase;
  if (step === undefined) return undefined;
  return {
    said: random.pick([
      `I take it that you ${step} along with it.`,
      `You will ${step} by the way, I suppose.`,
    ]),
    correction: random.pick([
      `I did not ${step}; that is a step of its own.`,
      `To ${step} is a separate step, which I have not taken.`,
    ]),
  };
};

/** The user takes the result for something provisional. */
const provisional: Maker = ({ turns }, random) => {
  const last = callsOf(turns).findLast(({ failed }) => !failed);
  const status = last?.result.status;
  if (typeof status !== 'string' || status === 'active') return undefined;
  return random.pick([
    {
      said: 'For now it is just a draft, I suppose.',
      correction: `This is no draft: its status is "${status}".`,
    },
    {
      said: 'I can still think it over afterwards, can I?',
      correction: `As for thinking it over: it stands as "${status}" already.`,
    },
    {
      said: 'That only counts as a trial, right?',
      correction: `It was no trial; the status is "${status}".`,
    },
    {
      said: 'Nothing is settled by that yet, I hope.',
      correction: `It is settled now, with the status "${status}".`,
    },
  ]);
};

/** The user believes that the record is in another name. */
const otherName: Maker = ({ turns }, random) => {
  const holder = callsOf(turns).findLast(({ result }) => typeof result.holder === 'string')?.result
    .holder;
  if (typeof holder !== 'string') return undefined;
  const other = personName(random);
  if (other === holder) return undefined;
  return {
    said: random.pick([
      `It should be in the name of ${other}.`,
      `That is in ${other}'s name, I believe.`,
    ]),
    correction: random.pick([
      `It is in the name of ${holder}, not ${other}.`,
      `The name on it is ${holder}, by the way, not ${other}.`,
    ]),
  };
};

const MAKERS: readonly Maker[] = [
  wrongReference,
  refusedWish,
  wrongLimit,
  otherStep,
  provisional,
  otherName,
];

function callsOf(turns: readonly Turn[]): Extract<Turn, { kind: 'call' }>[] {
  return turns.flatMap((turn) => (turn.kind === 'call' ? [turn] : []));
}

function references(args: Record<string, unknown>): string[] {
  return Object.values(args).flatMap((value) =>
    typeof value === 'string' && /\d{3}/.test(value) ? [value] : [],
  );
}
