import type { Conversation, ToolDefinition } from '../../../core/conversation.ts';
import { type Evidence, withEvidence } from './evidence.ts';
import type { Fault } from './fault.ts';
import { objectIn, scalarsOf } from './values.ts';

/** Arguments whose value nobody gave, no result brought and the definition does not hold. */
export function judgeArguments(conversation: Conversation): Fault[] {
  const faults: Fault[] = [];
  for (const { index, message, before } of withEvidence(conversation)) {
    if (message.role !== 'assistant') continue;
    for (const call of message.tool_calls ?? []) {
      const { name, arguments: written } = call.function;
      const definition = conversation.tools.find((tool) => tool.function.name === name);
      for (const { path, value } of scalarsOf(objectIn(written) ?? {})) {
        if (hasSource(value, path, before, definition)) continue;
        faults.push({
          rubric: 'argument_values',
          message: index,
          reason: `Message ${index} calls ${name} with ${path} ${JSON.stringify(value)}, which neither the user nor an earlier result gave.`,
        });
      }
    }
  }
  return faults;
}

function hasSource(
  value: string | number | boolean,
  path: string,
  before: Evidence,
  tool: ToolDefinition | undefined,
): boolean {
  if (typeof value === 'boolean' || value === '') return true;
  if (typeof value === 'number') return before.hasNumber(value);
  if (before.hasText(value)) return true;
  return isInDefinition(value, path, tool) && !/\d/.test(value);
}

/** Enum members and defaults may be taken from the definition. */
function isInDefinition(value: string, path: string, tool: ToolDefinition | undefined): boolean {
  const schema = JSON.stringify(tool?.function.parameters ?? {});
  return path !== '' && schema.includes(JSON.stringify(value));
}
