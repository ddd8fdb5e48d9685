import type { Random } from '../seed.ts';
import { type Action, actionName } from '../text/actions.ts';
import { nameOf, withArticle } from '../text/noun-phrase.ts';
import type { Reading } from '../text/reading.ts';
import {
  article,
  capitalised,
  isPlural,
  isUncountable,
  singular,
  snake,
} from '../words/grammar.ts';
import { CLIENTS, RECORDS } from '../words/nouns.ts';
import { CREATES } from '../words/verbs.ts';
import type { ParameterDraft, ToolDraft } from './drafts.ts';
import { clientOf, isService, mainNoun, nominalGoal, rankedActions } from './goal.ts';

export interface ToolPlan {
  tools: ToolDraft[];
  /** The tool that the workflow is about. */
  goal: ToolDraft;
}

/** The tools of a passage: one that opens the record or the device, the goal's own, and others of its steps. */
export function planTools(
  reading: Reading,
  session: string | undefined,
  most: number,
  random: Random,
): ToolPlan {
  const ranked = rankedActions(reading).filter((action) => !action.negated);
  const writes = ranked.filter(({ kind }) => kind === 'write' || kind === 'cook');
  const nominal = session === undefined ? nominalGoal(reading) : undefined;
  const goalAction =
    writes.find((action) => isService(action, reading)) ??
    (nominal === undefined ? (writes[0] ?? ranked[0]) : undefined);
  const target = goalAction === undefined ? fallbackGoal(reading, nominal) : goalOf(goalAction);
  const opener = openerOf(reading, target, session, ranked, random);
  const others = ranked.filter(
    (action) =>
      action !== goalAction &&
      actionName(action) !== opener.name &&
      actionName(action) !== target.name,
  );
  const goal = toolFor(target, opener, reading, most > 4 ? 3 : 2);
  const tools = [opener, goal];
  for (const action of preferred(others, most, session !== undefined)) {
    if (tools.length >= most) break;
    const tool = toolFor(goalOf(action), opener, reading, 1);
    if (tools.some((known) => tooClose(known.name, tool.name))) continue;
    tools.push(withoutSharedLimits(tool, tools));
  }
  return { tools: inOrder(tools, opener, goal), goal };
}

interface Target {
  name: string;
  description: string;
  kind: 'read' | 'write';
  creates: boolean;
  noun: string;
  sentence: number;
}

function goalOf(action: Action): Target {
  const { object } = action;
  const creates = CREATES.test(action.verb);
  const particle = action.particle === '' ? '' : ` ${action.particle}`;
  const phrase =
    creates && !object.plural && !isUncountable(object.head) && !/^[A-Z]/.test(object.text)
      ? `${article(object.text)} ${object.text}`
      : withArticle(object, 'the');
  return {
    name: actionName(action),
    description: capitalised(`${action.verb}${particle} ${phrase}.`),
    kind: action.kind === 'write' || action.kind === 'cook' ? 'write' : 'read',
    creates,
    noun: nameOf({ text: object.text.split(' ').slice(-1).join(' '), head: object.head }, true),
    sentence: action.sentence,
  };
}

/** A passage without a usable operation still has a matter: a request for its main noun. */
function fallbackGoal(reading: Reading, nominal: ReturnType<typeof nominalGoal>): Target {
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

function openerOf(
  reading: Reading,
  goal: Target,
  session: string | undefined,
  ranked: readonly Action[],
  random: Random,
): ToolDraft {
  if (session !== undefined) return sessionOpener(reading, session, random);
  const client = clientOf(reading.text);
  const identifier = reading.identifiers[0];
  const noun =
    identifier?.noun ??
    (goal.creates || !RECORDS.has(goal.noun) ? (client ?? 'customer') : goal.noun);
  const key = identifier ?? {
    label: `${noun} number`,
    parameter: `${snake(noun)}_number`,
    digits: undefined,
  };
  const reader = ranked.find(
    ({ kind, object }) =>
      kind === 'read' &&
      (object.head === noun || CLIENTS.has(object.head) || RECORDS.has(singular(object.head))),
  );
  const verb = random.pick(['find', 'look_up', 'get', 'open']);
  const read =
    reader === undefined || /^(?:list|measure|count|weigh|compare)$/.test(reader.verb)
      ? undefined
      : goalOf(reader);
  const isRecord = RECORDS.has(noun) || CLIENTS.has(noun);
  const name = read?.name ?? (isRecord ? `${verb}_${snake(noun)}` : `look_up_${key.parameter}`);
  const record = recordNoun(goal, noun, client);
  return {
    name,
    description:
      read?.description ??
      (isRecord
        ? `${capitalised(verb.replace('_', ' '))} the ${noun} by ${key.label}.`
        : `Look up the ${key.label}.`),
    kind: 'read',
    parameters: [
      {
        name: key.parameter,
        type: 'string',
        description: capitalised(key.label),
        digits: key.digits,
      },
    ],
    returns: `${record}_id`,
    sentence:
      read?.sentence ??
      reading.sentences.findIndex(({ text }) => text.toLowerCase().includes(key.label)),
  };
}

/** What the id of the opened record stands for: the goal's object, or the client where that is yet to be made. */
function recordNoun(goal: Target, keyNoun: string, client: string | undefined): string {
  if (!goal.creates && !isPlural(goal.noun) && goal.noun !== keyNoun && RECORDS.has(goal.noun))
    return goal.noun;
  if (client !== undefined && client !== keyNoun) return client;
  return snake(keyNoun) === 'record' ? 'file' : 'record';
}

/** Texts about a screen or a device: its session is opened by the name of the device. */
function sessionOpener(reading: Reading, session: string, random: Random): ToolDraft {
  const place = lastPlace(reading) ?? `${session} session`;
  const verb = random.pick(['open', 'start', 'show']);
  return {
    name: `${verb}_${nameOf({ text: place, head: place })}`,
    description: `${capitalised(verb)} ${/^[A-Z]/.test(place) ? place : `the ${place}`} on ${article(session)} ${session}.`,
    kind: 'read',
    parameters: [
      { name: `${session}_name`, type: 'string', description: `Name of the ${session}` },
    ],
    returns: 'session_id',
    sentence: 0,
  };
}

/** The page that the first steps lead to, as the text names it. */
function lastPlace(reading: Reading): string | undefined {
  const moves = reading.actions.filter(
    ({ kind, form, object }) =>
      kind === 'move' && form === 'order' && /^[A-Z]|[a-z]{4}/.test(object.text),
  );
  return moves.slice(0, 3).at(-1)?.object.text;
}

function toolFor(target: Target, opener: ToolDraft, reading: Reading, most: number): ToolDraft {
  const id: ParameterDraft = {
    name: opener.returns ?? 'record_id',
    type: 'string',
    description: `ID from ${opener.name}`,
    source: opener.name,
  };
  const details = target.kind === 'read' ? [] : parametersFor(target, reading, most);
  return {
    name: target.name,
    description: target.description,
    kind: target.kind,
    parameters: [id, ...details],
    ...(target.creates && target.kind === 'write' && `${target.noun}_id` !== id.name
      ? { returns: `${target.noun}_id` }
      : {}),
    sentence: target.sentence,
  };
}

/** Limits and choices of the sentence that a tool comes from; the goal takes those of any sentence. */
function parametersFor(target: Target, reading: Reading, most: number): ParameterDraft[] {
  const isGoal = most > 1;
  const noun = target.noun.replaceAll('_', ' ');
  const near = (sentence: number) =>
    sentence === target.sentence ||
    (isGoal && (reading.sentences[sentence]?.text.toLowerCase().includes(noun) ?? false));
  const order = (a: { sentence: number }, b: { sentence: number }) =>
    Math.abs(a.sentence - target.sentence) - Math.abs(b.sentence - target.sentence);
  const limits = reading.limits
    .filter((limit) => near(limit.sentence))
    .sort(order)
    .map((limit): ParameterDraft => {
      const low = limit.bounds.find(({ operator }) => operator === '>=')?.value;
      const high = limit.bounds.find(({ operator }) => operator === '<=')?.value;
      return {
        name: limit.parameter,
        type: limit.unit.type,
        description: limit.description,
        low,
        high,
        limit,
      };
    });
  const choices = reading.choices
    .filter((choice) => near(choice.sentence))
    .sort(order)
    .map(
      (choice): ParameterDraft => ({
        name: choice.parameter,
        type: 'string',
        description: choice.description,
        options: choice.options,
      }),
    );
  const kept = [...limits.slice(0, most - Math.min(choices.length, 1)), ...choices.slice(0, 1)];
  return kept.filter(
    (parameter, index) => kept.findIndex(({ name }) => name === parameter.name) === index,
  );
}

function withoutSharedLimits(tool: ToolDraft, others: readonly ToolDraft[]): ToolDraft {
  const taken = new Set(
    others
      .flatMap(({ parameters }) => parameters.map(({ limit }) => limit))
      .filter((limit) => limit !== undefined),
  );
  return {
    ...tool,
    parameters: tool.parameters.filter(({ limit }) => limit === undefined || !taken.has(limit)),
  };
}

/** A check first, then what is written. */
function preferred(actions: readonly Action[], most: number, moving: boolean): Action[] {
  const reads = actions.filter(({ kind }) => kind === 'read');
  const writes = actions.filter(({ kind }) => kind === 'write' || kind === 'cook');
  // Steps through menus are tools only where a session is worked on.
  const moves = actions.filter(({ kind }) => moving && kind === 'move');
  const first = reads.slice(0, most > 4 ? 2 : 1);
  return [...first, ...writes, ...reads.slice(first.length), ...moves];
}

function tooClose(a: string, b: string): boolean {
  const [one, two] = [a.split('_'), b.split('_')];
  return a === b || (one[0] === two[0] && one.at(-1) === two.at(-1));
}

/** Opener first, the others as the text has them; the goal before what follows from it. */
function inOrder(tools: ToolDraft[], opener: ToolDraft, goal: ToolDraft): ToolDraft[] {
  const rest = tools.filter((tool) => tool !== opener && tool !== goal);
  const before = rest.filter(
    ({ kind, sentence }) => kind === 'read' || (sentence >= 0 && sentence < goal.sentence),
  );
  const after = rest.filter((tool) => !before.includes(tool));
  return [opener, ...before, goal, ...after];
}
