import { isObject } from './arguments.ts';
import { CallIds } from './call-ids.ts';
import { type LooseConversation, looseArguments, looseTools, textValue } from './loose.ts';

/**
 * Reads a row of Toucan-1.5M. Its columns are JSON texts: `messages` and `tools` or `available_tools`. The
 * configurations by model have an assistant's `function_call` and results of the role `function`; the SFT
 * one has messages of the roles `tool_call`, whose content is a Python dict, and `tool_response`.
 * Successive calls are one turn, and results answer them in order (ids call_1, call_2, ...).
 */
export function fromToucan(row: Record<string, unknown>): LooseConversation {
  const { messages } = row;
  const list = typeof messages === 'string' ? textValue(messages) : messages;
  const turns = new Turns();
  for (const message of Array.isArray(list) ? Array.from<unknown>(list) : [list])
    turns.add(message);
  return { messages: turns.messages, ...looseTools(row.available_tools ?? row.tools) };
}

interface Called {
  role: 'assistant';
  content: unknown;
  tool_calls: unknown[];
}

class Turns {
  readonly messages: unknown[] = [];
  readonly #ids = new CallIds();
  /** The latest message while it is a turn of calls that further calls join. */
  #open: Called | null = null;

  add(message: unknown): void {
    const { role, content, function_call: call } = isObject(message) ? message : {};
    if (role === 'assistant' && isObject(call)) this.#call(call, content);
    else if (role === 'tool_call') this.#call(calledIn(content), null);
    else if (role === 'function' || role === 'tool_response') this.#result(content);
    else this.#close(isObject(message) ? { role, content } : message);
  }

  #close(message: unknown): void {
    this.#open = null;
    this.messages.push(message);
  }

  #call({ name, arguments: args }: Record<string, unknown>, content: unknown): void {
    const id = this.#ids.next();
    const called = { id, type: 'function', function: { name, arguments: looseArguments(args) } };
    const text = content === '' || content === undefined ? null : content;
    if (this.#open !== null) {
      this.#open.tool_calls.push(called);
      this.#open.content ??= text;
      this.#ids.sameTurn([id]);
      return;
    }
    const turn: Called = { role: 'assistant', content: text, tool_calls: [called] };
    this.#close(turn);
    this.#open = turn;
    this.#ids.turn([id]);
  }

  #result(content: unknown): void {
    const id = this.#ids.expected() ?? '';
    this.#ids.answer(id);
    this.#close({ role: 'tool', tool_call_id: id, content });
  }
}

/** The call that a tool_call message's content writes; what is none keeps its text, for the checks to show. */
function calledIn(content: unknown): Record<string, unknown> {
  const value = typeof content === 'string' ? textValue(content) : content;
  return isObject(value) ? value : { arguments: content };
}
