import type { Conversation } from '../../core/conversation.ts';
import type { Constraint } from '../../core/workflow.ts';
import { World } from './dialogue/world.ts';
import type { Anchor, Extra } from './refinement/extra.ts';
import { RECORD_EXTRAS } from './refinement/extras.ts';
import { pitfallOf } from './refinement/pitfalls.ts';
import { withProfile } from './refinement/profile.ts';
import { recapOf } from './refinement/recap.ts';
import { SESSION_EXTRAS } from './refinement/session-extras.ts';
import { structuredSystem } from './refinement/system.ts';
import { readTurns, type Turn, writeTurns } from './refinement/turns.ts';
import { Random } from './seed.ts';
import type { Size } from './size.ts';

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
  const extras = anchor === undefined ? [] : chooseExtras(anchor, conversation, size, random);
  const pitfall = pitfallOf({ turns, constraints, tools: conversation.tools }, random);
  const [first, ...later] = extras;
  const woven =
    first === undefined
      ? turns
      : weave(turns, first, pitfall?.said ?? '', pitfall?.correction ?? '');
  const longer =
    size === 'paper'
      ? withProfile([...woven, ...recapOf(turns), ...further(turns, anchor, later)], random)
      : woven;
  return {
    messages: writeTurns(structuredSystem(system, constraints, longer, size), longer),
    tools: [...conversation.tools, ...extras.map(({ tool }) => tool)],
  };
}

const MOST: Record<Size, number> = { brief: 1, compact: 1, paper: 4 };

function chooseExtras(
  anchor: Anchor,
  { tools }: Conversation,
  size: Size,
  random: Random,
): Extra[] {
  const world = new World(random);
  const known = new Set(tools.map((tool) => tool.function.name));
  const makers = anchor.idName === 'session_id' ? SESSION_EXTRAS : RECORD_EXTRAS;
  const fits = ({ tool, result }: Extra) =>
    !known.has(tool.function.name) && (result[anchor.idName] ?? anchor.id) === anchor.id;
  const made = random.shuffle(makers).flatMap((make) => make(anchor, random, world) ?? []);
  return made.filter(fits).slice(0, MOST[size]);
}

/** The other demands: the first two at once, one of them for an earlier record too. */
function further(
  turns: readonly Turn[],
  anchor: Anchor | undefined,
  extras: readonly Extra[],
): Turn[] {
  const [one, two, ...rest] = extras;
  if (anchor === undefined || one === undefined || two === undefined)
    return extras.flatMap(exchange);
  const both: Turn[] = [
    { kind: 'user', text: `${one.demand} ${two.demand}` },
    callTurn(one),
    callTurn(two),
    { kind: 'assistant', text: `${one.report} ${two.report}` },
  ];
  return [...both, ...sameForEarlier(turns, anchor, one), ...rest.flatMap(exchange)];
}

/** The same for the record of the same kind that came first: its id lies far back. */
function sameForEarlier(turns: readonly Turn[], { idName, id }: Anchor, extra: Extra): Turn[] {
  const ids = turns.flatMap((turn) =>
    turn.kind === 'call' && !turn.failed ? [turn.result[idName]] : [],
  );
  const earlier = ids.find((one) => typeof one === 'string' && one !== id);
  if (typeof earlier !== 'string') return [];
  const renamed = Object.entries(extra.result).map(([name, value]): [string, unknown] => [
    name,
    name === idName
      ? earlier
      : name.endsWith('_id') && typeof value === 'string'
        ? successor(value)
        : value,
  ]);
  return [
    { kind: 'user', text: `And the same for the first one, ${earlier}, please.` },
    callTurn({
      ...extra,
      args: { ...extra.args, [idName]: earlier },
      result: Object.fromEntries(renamed),
    }),
    { kind: 'assistant', text: `That is done for ${earlier} as well.` },
  ];
}

/** The next reference of a row: NT-4821 after NT-4820. */
function successor(reference: string): string {
  return reference.replace(/\d+$/, (digits) => String(Number(digits) + 1));
}

/** The record that a write has made last, else the one that was opened last, with its own fields. */
function anchorOf(turns: readonly Turn[]): Anchor | undefined {
  const calls = turns.flatMap((turn) => (turn.kind === 'call' && !turn.failed ? [turn] : []));
  const given = new Set(calls.flatMap(({ args }) => Object.values(args)));
  const made = calls.findLast(
    ({ args, result }) => Object.keys(args).length > 0 && newId(result, args, given) !== undefined,
  );
  const opened = calls.findLast(({ result, args }) => newId(result, args, new Set()) !== undefined);
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
