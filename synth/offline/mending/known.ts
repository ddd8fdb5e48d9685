import type { Message, ToolCall } from '../../../core/conversation.ts';
import { Evidence, numbersIn } from '../judging/evidence.ts';
import { objectIn, scalarsOf } from '../judging/values.ts';

type Scalar = string | number | boolean;

/** What has been said, returned and asked for so far. */
export class Known {
  readonly #evidence = new Evidence();
  readonly #values = new Map<string, Scalar[]>();
  readonly #userNumbers: number[] = [];
  readonly #open: ToolCall[] = [];
  #text = '';

  add(message: Message): void {
    const content = message.content ?? '';
    this.#evidence.add(content);
    this.#text += `\n${content}`;
    if (message.role === 'user') this.#userNumbers.push(...numbersIn(content));
    if (message.role === 'tool') this.#answered(message.tool_call_id, content);
    if (message.role === 'assistant') this.#open.push(...(message.tool_calls ?? []));
    for (const call of message.role === 'assistant' ? (message.tool_calls ?? []) : [])
      this.#keep(objectIn(call.function.arguments) ?? {});
  }

  /** Whether a value stands somewhere in what came before. */
  has(value: unknown): boolean {
    if (typeof value === 'number') return this.#evidence.hasNumber(value);
    if (typeof value !== 'string' || !/\d/.test(value)) return true;
    return this.#evidence.hasText(value);
  }

  /** Values that a name had in results and arguments, the latest first. */
  valuesOf(name: string): Scalar[] {
    return [...(this.#values.get(name) ?? [])].reverse();
  }

  /** Numbers that the user has said, the latest first. */
  userNumbers(): number[] {
    return [...this.#userNumbers].reverse();
  }

  /** The calls that wait for a result, in order. */
  unanswered(): ToolCall[] {
    return [...this.#open];
  }

  get text(): string {
    return this.#text;
  }

  #answered(id: string, content: string): void {
    const at = this.#open.findIndex((call) => call.id === id);
    if (at >= 0) this.#open.splice(at, 1);
    this.#keep(objectIn(content) ?? {});
  }

  #keep(object: Record<string, unknown>): void {
    for (const { path, value } of scalarsOf(object)) {
      const name = path.split('.').at(-1) ?? path;
      this.#values.set(name, [...(this.#values.get(name) ?? []), value]);
    }
  }
}
