import { z } from 'zod';
import type { Conversation } from '../conversation.ts';
import { type NumberSummary, Numbers } from './numbers.ts';

/** What is counted of a trajectory; a turn is a message of the user's. */
export const LengthName = z.enum(['messages', 'turns', 'tools', 'calls', 'distinct_tools_called']);
export type LengthName = z.infer<typeof LengthName>;

/** How long trajectories are. */
export class Lengths {
  readonly #numbers: [LengthName, Numbers, (row: Conversation) => number][] = [
    ['messages', new Numbers(), (row) => row.messages.length],
    ['turns', new Numbers(), (row) => row.messages.filter(({ role }) => role === 'user').length],
    ['tools', new Numbers(), (row) => row.tools.length],
    ['calls', new Numbers(), (row) => callsOf(row).length],
    ['distinct_tools_called', new Numbers(), (row) => new Set(callsOf(row)).size],
  ];

  add(row: Conversation): void {
    for (const [, numbers, measure] of this.#numbers) numbers.add(measure(row));
  }

  /** Empty where no row was added. */
  report(): (NumberSummary & { name: LengthName })[] {
    return this.#numbers.flatMap(([name, numbers]) => {
      const summary = numbers.summary();
      return summary === null ? [] : [{ name, ...summary }];
    });
  }
}

/** The names of the tools that a row calls, one a call. */
function callsOf({ messages }: Conversation): string[] {
  return messages
    .flatMap((message) => (message.role === 'assistant' ? (message.tool_calls ?? []) : []))
    .map((call) => call.function.name);
}
