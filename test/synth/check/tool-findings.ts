import { checkConversation } from '../../../synth/check/run-checks.ts';
import { call, callOf, closing, result, row, system, toolWith, user } from './cases.ts';

/** The findings of a call with these arguments against a tool with these parameters: "code path". */
export function findings(parameters: unknown, args: unknown): string[] {
  return findingsOf(toolWith({}, parameters), args);
}

export function findingsOf(tool: unknown, args: unknown): string[] {
  const conversation = {
    ...row(system, user, { ...call, tool_calls: [callOf(args)] }, result, closing),
    tools: [tool],
  };
  return checkConversation({ conversation, refined: true, profile: 'gem', language: null }).map(
    ({ code, path }) => `${code} ${path?.replace('tool_calls[0].function.arguments', 'args')}`,
  );
}

export function object(properties: object, rest: object = {}): object {
  return { type: 'object', properties, ...rest };
}
