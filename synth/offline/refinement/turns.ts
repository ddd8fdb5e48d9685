import type { Conversation, Message } from '../../../core/conversation.ts';
import { Arguments, Script } from '../dialogue/script.ts';

/** A conversation as turns: what someone says, or a call with its result. */
export type Turn =
  | { kind: 'user' | 'assistant'; text: string }
  | {
      kind: 'call';
      name: string;
      args: Arguments;
      result: Record<string, unknown>;
      failed: boolean;
    };

/** The system text and the turns after it; calls in parallel become one after another, text beside a call is left out. */
export function readTurns({ messages }: Conversation): { system: string; turns: Turn[] } {
  const system = messages
    .flatMap((message) => (message.role === 'system' ? [message.content] : []))
    .join('\n');
  const results = new Map(
    messages.flatMap((message) =>
      message.role === 'tool' ? [[message.tool_call_id, message.content]] : [],
    ),
  );
  return { system, turns: messages.flatMap((message) => turnsOf(message, results)) };
}

function turnsOf(message: Message, results: ReadonlyMap<string, string>): Turn[] {
  if (message.role === 'user') return [{ kind: 'user', text: message.content }];
  if (message.role !== 'assistant') return [];
  if (message.tool_calls === undefined) return [{ kind: 'assistant', text: message.content ?? '' }];
  return message.tool_calls.map((call) => {
    const result = objectOf(results.get(call.id) ?? '{}');
    const args = Arguments.safeParse(objectOf(call.function.arguments)).data ?? {};
    return { kind: 'call', name: call.function.name, args, result, failed: 'error' in result };
  });
}

function objectOf(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? { ...value }
      : { result: value };
  } catch {
    return { result: json };
  }
}

/** Turns as a conversation with canonical call ids. */
export function writeTurns(system: string, turns: readonly Turn[]): Message[] {
  const script = new Script();
  script.system(system);
  for (const turn of turns) {
    if (turn.kind === 'call') script.call(turn.name, turn.args, turn.result);
    else if (turn.kind === 'user') script.user(turn.text);
    else script.assistant(turn.text);
  }
  return script.messages;
}
