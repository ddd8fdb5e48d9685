import { z } from 'zod';
import type { Conversation } from '../../core/conversation.ts';
import { isObject, jsonOrUndefined } from '../../core/formats/arguments.ts';
import { LengthName, lengthsOf } from '../../core/stats/lengths.ts';
import { pastCalls } from '../../synth/check/pattern-row.ts';
import { locatePatterns } from '../../synth/check/patterns.ts';
import { outcomeOf } from '../../synth/check/rules/outcome.ts';

/** What is counted of the shape of a trajectory, beside its lengths. */
export const ShapeName = z.enum([
  ...LengthName.options,
  'arguments',
  'argument_depth',
  'errors',
  'errors_recovered',
  'refusals',
  'patterns',
]);
export type ShapeName = z.infer<typeof ShapeName>;

/**
 * The shape of a trajectory: its lengths; scalars among the arguments of all calls; how deep arguments nest at most
 * (1: plain values); results that say that a call failed; failed calls after which the same tool succeeded;
 * messages that refuse for a rule or tell a limitation; different patterns.
 */
export function shapeOf(conversation: Conversation): Record<ShapeName, number> {
  const places = locatePatterns(conversation);
  const count = (...names: string[]) =>
    new Set(places.filter(({ pattern }) => names.includes(pattern)).map((one) => one.message_index))
      .size;
  const { leaves, depth } = argumentsOf(conversation);
  return {
    ...lengthsOf(conversation),
    arguments: leaves,
    argument_depth: depth,
    errors: conversation.messages.filter(
      (message) => message.role === 'tool' && outcomeOf(message.content) === 'failure',
    ).length,
    errors_recovered: recoveredIn(conversation),
    refusals: count('rule_conflict', 'limitation'),
    patterns: new Set(places.map(({ pattern }) => pattern)).size,
  };
}

function recoveredIn({ messages }: Conversation): number {
  const calls = pastCalls(messages);
  return calls.filter(
    ({ name, failed, message }) =>
      failed === true &&
      calls.some((one) => one.name === name && one.failed === false && one.message > message),
  ).length;
}

function argumentsOf({ messages }: Conversation): { leaves: number; depth: number } {
  let [leaves, depth] = [0, 0];
  for (const message of messages) {
    for (const call of message.role === 'assistant' ? (message.tool_calls ?? []) : []) {
      const value = jsonOrUndefined(call.function.arguments);
      if (!isObject(value)) continue;
      leaves += leavesOf(value, 0);
      depth = Math.max(depth, depthOf(value, 0));
    }
  }
  return { leaves, depth };
}

/** Hostile rows nest without end; below this nobody writes arguments. */
const DEEPEST = 32;

function leavesOf(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return 1;
  return Object.values(value).reduce((sum: number, member) => sum + leavesOf(member, depth + 1), 0);
}

function depthOf(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return depth;
  const members = Object.values(value).map((member) => depthOf(member, depth + 1));
  return members.reduce((deepest, one) => Math.max(deepest, one), depth);
}
