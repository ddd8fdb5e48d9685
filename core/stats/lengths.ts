import { z } from 'zod';
import type { Conversation } from '../conversation.ts';
import { type NumberSummary, Numbers } from './numbers.ts';

/** What is counted of a trajectory; a turn is a message of the user's. */
export const LengthName = z.enum(['messages', 'turns', 'tools', 'calls', 'distinct_tools_called']);
export type LengthName = z.infer<typeof LengthName>;

/** How long a trajectory is. */
export function lengthsOf({ messages, tools }: Conversation): Record<LengthName, number> {
  const called = messages
    .flatMap((message) => (message.role === 'assistant' ? (message.tool_calls ?? []) : []))
    .map((call) => call.function.name);
  return {
    messages: messages.length,
    turns: messages.filter(({ role }) => role === 'user').length,
    tools: tools.length,
    calls: called.length,
    distinct_tools_called: new Set(called).size,
  };
}

/** How long trajectories are. */
export class Lengths {
  readonly #numbers = LengthName.options.map((name) => ({ name, numbers: new Numbers() }));

  add(lengths: Record<LengthName, number>): void {
    for (const { name, numbers } of this.#numbers) numbers.add(lengths[name]);
  }

  /** Empty where no row was added. */
  report(): (NumberSummary & { name: LengthName })[] {
    return this.#numbers.flatMap(({ name, numbers }) => {
      const summary = numbers.summary();
      return summary === null ? [] : [{ name, ...summary }];
    });
  }
}
