import { checkConversation } from '../../../synth/check/run-checks.ts';
import { call, callOf, closing, result, row, system, toolWith, user } from './cases.ts';
import { STATE_CASES } from './state-cases.ts';

/** The findings of a call with these arguments against a tool with these parameters: "code path"; where they come from is not looked at. */
export function findings(parameters: unknown, args: unknown): string[] {
  return findingsOf(toolWith({}, parameters), args);
}

export function findingsOf(tool: unknown, args: unknown): string[] {
  const conversation = {
    ...row(system, user, { ...call, tool_calls: [callOf(args)] }, result, closing),
    tools: [tool],
  };
  return checkConversation({ conversation, refined: true, profile: 'gem', language: null })
    .filter(({ code }) => !Object.hasOwn(STATE_CASES, code))
    .map(
      ({ code, path }) => `${code} ${path?.replace('tool_calls[0].function.arguments', 'args')}`,
    );
}

export function object(properties: object, rest: object = {}): object {
  return { type: 'object', properties, ...rest };
}
