import type { Conversation, ToolDefinition } from '../../core/conversation.ts';
import { isObject } from '../../core/formats/arguments.ts';

/** What is said, called and returned in a conversation, the system message and the ids of calls left out. */
export function conversationText({ messages }: Conversation): string {
  const parts: string[] = [];
  for (const message of messages) {
    if (message.role === 'system') continue;
    if (message.content !== null) parts.push(message.content);
    if (message.role !== 'assistant') continue;
    for (const { function: call } of message.tool_calls ?? [])
      parts.push(call.name, call.arguments);
  }
  return parts.join('\n');
}

/**
 * What tells a tool set from another, whatever its order and its descriptions: the names of the tools, and each of
 * their parameters with its type (`get_order`, `get_order.order_id:string`). Of a parameter's own members as well.
 */
export function toolFeatures(tools: readonly ToolDefinition[]): string[] {
  return tools.flatMap(({ function: { name, parameters } }) => [
    name,
    ...members(parameters ?? {}, name, 0),
  ]);
}

const DEEPEST = 4;

function members(schema: Record<string, unknown>, path: string, depth: number): string[] {
  if (depth === DEEPEST) return [];
  const { properties, items } = schema;
  const found = isObject(items) ? members(items, `${path}[]`, depth + 1) : [];
  if (!isObject(properties)) return found;
  for (const [key, member] of Object.entries(properties)) {
    const below = `${path}.${key}`;
    if (!isObject(member)) continue;
    found.push(`${below}:${String(member.type)}`, ...members(member, below, depth + 1));
  }
  return found;
}
