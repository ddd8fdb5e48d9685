import type { Random } from '../seed.ts';
import { type Action, actionName } from '../text/action.ts';
import type { Reading } from '../text/reading.ts';
import type { ParameterDraft, ToolDraft } from './drafts.ts';
import { isIncidental, rankedActions } from './goal.ts';
import { recordOpener, sessionOpener } from './opener.ts';
import { type Target, targetOf } from './target.ts';

export interface ToolPlan {
  tools: ToolDraft[];
  /** The tool that the workflow is about. */
  goal: ToolDraft;
}

/** The tools of a goal: one that opens the record or the device, the goal's own, and others of the passage's steps. */
export function planTools(
  reading: Reading,
  target: Target,
  session: string | undefined,
  most: number,
  random: Random,
): ToolPlan {
  const ranked = rankedActions(reading).filter((action) => !action.negated);
  const opener =
    session === undefined
      ? recordOpener(reading, target, ranked, random)
      : sessionOpener(reading, session, random);
  const others = [...ranked]
    .sort((a, b) => Number(isIncidental(a)) - Number(isIncidental(b)))
    .filter((action) => actionName(action) !== opener.name && actionName(action) !== target.name);
  const goal = toolFor(target, opener, reading, most > 4 ? 3 : 2);
  const tools = [opener, goal];
  for (const action of preferred(others, most, session !== undefined)) {
    if (tools.length >= most) break;
    const tool = toolFor(targetOf(action), opener, reading, 1);
    if (tools.some((known) => tooClose(known.name, tool.name))) continue;
    tools.push(withoutSharedLimits(tool, tools));
  }
  return { tools: inOrder(tools, opener, goal), goal };
}

/** How ids are described differs from text to text, and is the same within one. */
function idDescription(text: string, opener: string): string {
  const ways = [`ID from ${opener}`, `As ${opener} returned it`, `ID that ${opener} gives`];
  return ways[text.length % ways.length] ?? opener;
}

function toolFor(target: Target, opener: ToolDraft, reading: Reading, most: number): ToolDraft {
  const id: ParameterDraft = {
    name: opener.returns ?? 'record_id',
    type: 'string',
    description: idDescription(reading.text, opener.name),
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
