import { z } from 'zod';
import type { Message } from '../../../core/conversation.ts';

/** A call's arguments, as JSON has them. */
export const Arguments = z.record(z.string(), z.json());
export type Arguments = z.infer<typeof Arguments>;

/** A conversation as it is written, message by message, with canonical call ids. */
export class Script {
  readonly messages: Message[] = [];
  #calls = 0;

  system(content: string): void {
    this.messages.push({ role: 'system', content });
  }

  user(content: string): void {
    this.messages.push({ role: 'user', content: tidy(content) });
  }

  assistant(content: string): void {
    this.messages.push({ role: 'assistant', content: tidy(content) });
  }

  /** A call alone in its message, and its result. */
  call(name: string, args: Arguments, result: Record<string, unknown>): void {
    this.#calls += 1;
    const id = `call_${this.#calls}`;
    this.messages.push({
      role: 'assistant',
      content: null,
      tool_calls: [{ id, type: 'function', function: { name, arguments: JSON.stringify(args) } }],
    });
    this.messages.push({ role: 'tool', tool_call_id: id, content: JSON.stringify(result) });
  }
}

/** Parts that came out empty leave double blanks. */
function tidy(text: string): string {
  return text
    .replace(/ {2,}/g, ' ')
    .replace(/ ([.,;:?!])/g, '$1')
    .trim();
}
