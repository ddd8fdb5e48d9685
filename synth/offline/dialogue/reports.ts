import type { Random } from '../seed.ts';
import { capitalised, isPlural } from '../words/grammar.ts';
import { participle, VERBS } from '../words/verbs.ts';
import { fill } from './fill.ts';
import { label } from './labels.ts';
import type { Arguments } from './script.ts';
import type { ToolModel } from './tool-model.ts';
import type { Result } from './world.ts';

/** What the assistant says of a further write of the same turn. */
export function shortReport(tool: ToolModel, result: Result): string {
  return `${capitalised(passiveOf(tool))}${underId(tool, result)}.`;
}

/** What the assistant says of a result: only values that stand in it or in the call. */
export function reportOf(tool: ToolModel, args: Arguments, result: Result, random: Random): string {
  if (tool.writes) return fill(DONE, random, doneSlots(tool, result));
  return tool.returns.length > 0 ? opened(tool, args, result, random) : checked(tool, result);
}

const DONE = [
  '{done}{under}.',
  'Done: {done}{under}.',
  '{done}{under}, as agreed.',
  'All set: {done}{under}.',
  'That went through: {done}{under}.',
] as const;

function doneSlots(tool: ToolModel, result: Result): Record<string, string> {
  return { done: passiveOf(tool), under: underId(tool, result) };
}

/** "the membership is now frozen", "bounce keys are now turned on". */
function passiveOf(tool: ToolModel): string {
  const done = VERBS.has(tool.verb) ? participle(tool.verb) : 'done';
  const [, second = ''] = tool.phrase.split(' ');
  const object = tool.object.replace(/^an? /, 'the ');
  const particle = /^(?:on|off|up|in|out|down|back|over)$/.test(second) ? ` ${second}` : '';
  if (/^(?:for|to|of)$/.test(second)) return `the request to ${tool.phrase} has been recorded`;
  return `${object} ${isPlural(headOf(object)) ? 'are' : 'is'} now ${done}${particle}`;
}

function headOf(object: string): string {
  const before = object.split(/ (?:of|on|in|for|with|from|to|by|at) /)[0] ?? object;
  return before.split(' ').at(-1) ?? object;
}

function underId(tool: ToolModel, result: Result): string {
  const name =
    tool.returns[0] ??
    Object.keys(result).find(
      (key) => key.endsWith('_id') && tool.parameters.every((one) => one.name !== key),
    );
  const id = name === undefined ? undefined : result[name];
  return typeof id === 'string' ? ` under ${id}` : '';
}

function opened(tool: ToolModel, args: Arguments, result: Result, random: Random): string {
  const key = tool.parameters.find(
    ({ name }) => /\d/.test(String(args[name])) && typeof args[name] === 'string',
  );
  if (key === undefined && !('session_id' in result))
    return `I have found a match; its status is ${String(result.status)}.`;
  const value = String(args[key?.name ?? tool.parameters[0]?.name ?? ''] ?? '');
  if ('session_id' in result)
    return random.pick([`I am connected to ${value}.`, `The session on ${value} is ready.`]);
  const name = key === undefined ? 'record' : label(key);
  const slots = {
    name,
    value,
    status: String(result.status ?? 'found'),
    holder: String(result.holder ?? ''),
  };
  return fill('holder' in result ? HELD : FOUND, random, slots);
}

const FOUND = [
  '{name} {value} is {status}.',
  'I have found {value}; its status is {status}.',
  'Thank you, {value} is here, status {status}.',
  'I can see {name} {value}, which is {status}.',
  '{value} came up as {status}.',
  'The entry for {value} reads "{status}".',
] as const;
const HELD = [
  '{name} {value} belongs to {holder} and is {status}.',
  'I have found {value}, held by {holder}; the status is {status}.',
  'That is {holder}, {name} {value}, status {status}.',
  '{value} is registered to {holder} and stands as {status}.',
  'The record of {holder} is open: {value}, {status}.',
] as const;

function checked(tool: ToolModel, result: Result): string {
  const [name, value] = Object.entries(result).find(([key]) => !key.endsWith('_id')) ?? [];
  const object = tool.object.replace(/^an? /, 'the ');
  if (typeof value === 'number' && tool.verb === 'weigh')
    return `${capitalised(object)} weighs ${value} kg.`;
  if (typeof value === 'number' && tool.verb === 'count')
    return `The count of ${object} is ${value}.`;
  if (typeof value === 'number')
    return `${capitalised(object)} is ${value}${name?.endsWith('_c') ? ' °C' : ''}.`;
  return `${capitalised(object)} ${isPlural(headOf(object)) ? 'are' : 'is'} ${String(value)}.`.replace(
    / (is|are) none\.$/,
    ': none found.',
  );
}
