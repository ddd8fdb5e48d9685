import type { Conversation } from '../../core/conversation.ts';
import type { Constraint } from '../../core/workflow.ts';
import { World } from './dialogue/world.ts';
import type { Size } from './extract.ts';
import { type Anchor, EXTRAS, type Extra } from './refinement/extras.ts';
import { pitfallOf } from './refinement/pitfalls.ts';
import { withProfile } from './refinement/profile.ts';
import { recapOf } from './refinement/recap.ts';
import { structuredSystem } from './refinement/system.ts';
import { readTurns, type Turn, writeTurns } from './refinement/turns.ts';
import { Random } from './seed.ts';

export interface RefineRequest {
  description: string;
  constraints: Constraint[];
  conversation: Conversation;
}

/** The conversation with structure in its system message, more tools, further demands and a pitfall. */
export function refineOffline(
  { constraints, conversation }: RefineRequest,
  size: Size,
  seed: string,
): Conversation {
  const random = new Random(`${seed} refine`);
  const { system, turns } = readTurns(conversation);
  const anchor = anchorOf(turns);
  if (anchor === undefined)
    return {
      messages: writeTurns(structuredSystem(system, constraints, turns, size), turns),
      tools: conversation.tools,
    };
  const world = new World(random);
  const known = new Set(conversation.tools.map((tool) => tool.function.name));
  const made = random.shuffle(EXTRAS).map((make) => make(anchor, random, world));
  const extras = made
    .filter(({ tool }) => !known.has(tool.function.name))
    .slice(0, size === 'compact' ? 1 : 4);
  const pitfall = pitfallOf(turns, constraints, random);
  const [first, ...later] = extras;
  const woven =
    first === undefined
      ? turns
      : weave(turns, first, pitfall?.said ?? '', pitfall?.correction ?? '');
  const longer =
    size === 'compact'
      ? woven
      : withProfile([...woven, ...recapOf(turns), ...later.flatMap(exchange)], random);
  return {
    messages: writeTurns(structuredSystem(system, constraints, longer, size), longer),
    tools: [...conversation.tools, ...extras.map(({ tool }) => tool)],
  };
}

/** The record that a write has made, else the one that was opened first, with its own fields. */
function anchorOf(turns: readonly Turn[]): Anchor | undefined {
  const calls = turns.flatMap((turn) => (turn.kind === 'call' && !turn.failed ? [turn] : []));
  const given = new Set(calls.flatMap(({ args }) => Object.values(args)));
  const made = calls.findLast(
    ({ args, result }) => Object.keys(args).length > 0 && newId(result, args, given) !== undefined,
  );
  const opened = calls.find(({ result, args }) => newId(result, args, new Set()) !== undefined);
  const source = made ?? opened;
  if (source === undefined) return undefined;
  const [idName, id] = newId(source.result, source.args, new Set()) ?? [];
  if (idName === undefined || id === undefined) return undefined;
  const facts = Object.fromEntries(
    Object.entries(source.result).filter(([name]) => name !== idName),
  );
  return { idName, id, noun: idName.replace(/_id$/, ''), facts };
}

/** The id that a result brings and its call did not have; ids that other calls were given do not count. */
function newId(
  result: Record<string, unknown>,
  args: Record<string, unknown>,
  given: ReadonlySet<unknown>,
): [string, string] | undefined {
  for (const [name, value] of Object.entries(result)) {
    if (name.endsWith('_id') && typeof value === 'string' && !(name in args) && !given.has(value))
      return [name, value];
  }
  return undefined;
}

/** Works a demand into the last consent: the user adds it there, and its call comes before the closing message. */
function weave(turns: readonly Turn[], extra: Extra, said: string, correction: string): Turn[] {
  const closing = turns.length - 1;
  const consent = turns.findLastIndex((turn) => turn.kind === 'user');
  const last = turns[closing];
  const user = turns[consent];
  const onlyCalls = turns.slice(consent + 1, closing).every(({ kind }) => kind === 'call');
  if (last?.kind !== 'assistant' || user?.kind !== 'user' || !onlyCalls || closing - consent < 2) {
    return [
      ...turns,
      ...exchange({
        ...extra,
        demand: `${extra.demand} ${said}`,
        report: `${extra.report} ${correction}`,
      }),
    ];
  }
  return [
    ...turns.slice(0, consent),
    { kind: 'user', text: `${user.text} ${extra.demand} ${said}` },
    ...turns.slice(consent + 1, closing),
    callTurn(extra),
    { kind: 'assistant', text: `${last.text} ${extra.report} ${correction}` },
  ];
}

function exchange(extra: Extra): Turn[] {
  return [
    { kind: 'user', text: extra.demand },
    callTurn(extra),
    { kind: 'assistant', text: extra.report },
  ];
}

function callTurn({ tool, args, result }: Extra): Turn {
  return { kind: 'call', name: tool.function.name, args, result, failed: false };
}
