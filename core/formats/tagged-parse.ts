import type { Conversation, Message, ToolCall, ToolDefinition } from '../conversation.ts';
import { CallIds } from './call-ids.ts';
import { unescapeMarkup } from './tagged.ts';
import { TaggedCursor } from './tagged-cursor.ts';
import { type RawCall, readCalls, readTools } from './tagged-json.ts';
import { excerpt, type Repair, type RepairCode, TaggedProblem } from './tagged-repair.ts';
import type { Tag, TurnTag } from './tagged-scan.ts';

export type ParsedTagged =
  | { ok: true; conversation: Conversation; repairs: Repair[] }
  | { ok: false; problem: string; repairs: Repair[] };

export { normaliseTools } from './tagged-json.ts';

/**
 * Reads the tagged text of `printTagged`, or a model's answer in that form. What can be put right
 * without guessing is put right and reported; anything else is a problem, as data. Never throws; time
 * is linear in the text. `tools` are used where the text has no toolsets block; `trim` removes blanks
 * at the edges of messages.
 */
export function parseTagged(
  text: string,
  options: { tools?: ToolDefinition[]; trim?: boolean } = {},
): ParsedTagged {
  const repairs: Repair[] = [];
  try {
    const parser = new TaggedParser(
      new TaggedCursor(text, repairs),
      repairs,
      options.trim === true,
    );
    const { messages, tools } = parser.read();
    if (messages.length === 0 && tools === undefined) {
      throw new TaggedProblem(`the text holds no message: "${excerpt(text)}"`);
    }
    return { ok: true, conversation: { messages, tools: tools ?? options.tools ?? [] }, repairs };
  } catch (error) {
    // A RangeError is JSON nested too deep for the stack.
    if (!(error instanceof TaggedProblem || error instanceof RangeError)) throw error;
    return { ok: false, problem: error.message, repairs };
  }
}

/** What stands between a block's tags: texts and, in an assistant's turn, the calls between them. */
interface Block {
  before: string;
  after: string[];
  calls: { call: RawCall; id: string | undefined }[];
}

class TaggedParser {
  readonly #cursor: TaggedCursor;
  readonly #repairs: Repair[];
  readonly #trim: boolean;
  readonly #ids = new CallIds();
  readonly #messages: Message[] = [];
  #tools: ToolDefinition[] | undefined;
  #orphans = 0;

  constructor(cursor: TaggedCursor, repairs: Repair[], trim: boolean) {
    this.#cursor = cursor;
    this.#repairs = repairs;
    this.#trim = trim;
  }

  read(): { messages: Message[]; tools: ToolDefinition[] | undefined } {
    for (;;) {
      const skipped = this.#cursor.outside();
      const tag = this.#cursor.tag;
      if (tag === undefined) return { messages: this.#messages, tools: this.#tools };
      if (tag.close) this.#cursor.strayClose(tag, skipped);
      else if (tag.name === 'toolsets') this.#toolsets(tag);
      else if (tag.name === 'func') this.#callOutside(tag);
      else this.#message(tag, tag.name);
    }
  }

  #toolsets(open: Tag): void {
    if (this.#tools !== undefined) throw new TaggedProblem('the text holds two toolsets blocks');
    const { body, closed } = this.#cursor.jsonBlock(open);
    this.#tools = readTools(body, closed, this.#repairs);
  }

  /** A call outside of any turn is the assistant's: of the turn just before it, or one of its own. */
  #callOutside(open: Tag): void {
    const calls = this.#calls(open);
    this.#repaired('call_outside', calls.map(({ call }) => call.name).join(', '));
    const last = this.#messages.at(-1);
    const tool_calls = this.#withIds(calls);
    const ids = tool_calls.map((call) => call.id);
    if (last?.role === 'assistant' && last.tool_calls !== undefined) {
      last.tool_calls.push(...tool_calls);
      this.#ids.sameTurn(ids);
      return;
    }
    if (last?.role === 'assistant') last.tool_calls = tool_calls;
    else this.#messages.push({ role: 'assistant', content: null, tool_calls });
    this.#ids.turn(ids);
  }

  #message(open: Tag, role: TurnTag): void {
    const block = this.#block(open);
    const text = withoutFirstNewline(block.before);
    if (role === 'assistant') {
      const content = text === '' ? null : this.#content(text);
      const tool_calls = this.#withIds(block.calls);
      this.#ids.turn(tool_calls.map((call) => call.id));
      const whole = this.#withLaterText(content, block.after);
      this.#messages.push({
        role,
        content: this.#trim && whole === '' ? null : whole,
        ...(tool_calls.length === 0 ? {} : { tool_calls }),
      });
    } else if (role === 'tool') {
      this.#messages.push({
        role,
        tool_call_id: this.#resultId(open),
        content: this.#content(text),
      });
    } else {
      this.#messages.push({ role, content: this.#content(text) });
    }
  }

  #block(open: Tag): Block {
    this.#cursor.pass(open);
    const block: Block = { before: '', after: [], calls: [] };
    for (;;) {
      const tag = this.#cursor.tag;
      const isCall = open.name === 'assistant' && tag?.name === 'func';
      const hasCalls = block.calls.length > 0;
      const text = isCall ? this.#cursor.textBefore(tag) : this.#cursor.restOfTurn(open, hasCalls);
      if (!hasCalls) block.before = text;
      else if (text.trim() !== '') block.after.push(text.trim());
      if (!isCall) return block;
      if (!tag.close) block.calls.push(...this.#calls(tag));
      else this.#cursor.strayClose(tag, hasCalls ? text.trim() : `<${open.name}>`);
    }
  }

  #calls(open: Tag): Block['calls'] {
    const { body, closed } = this.#cursor.jsonBlock(open);
    const calls = readCalls(body, closed, this.#repairs);
    return calls.map((call) => ({ call, id: calls.length === 1 ? open.id : undefined }));
  }

  #withIds(calls: Block['calls']): ToolCall[] {
    return calls.map(({ call, id }) => {
      const canonical = this.#ids.next();
      return { id: id ?? canonical, type: 'function', function: call };
    });
  }

  #resultId(open: Tag): string {
    const id = open.id ?? this.#ids.expected() ?? this.#orphanId();
    this.#ids.answer(id);
    return id;
  }

  #orphanId(): string {
    this.#orphans += 1;
    this.#repaired('orphan_result', `result ${this.#messages.length} answers no call`);
    return `orphan_${this.#orphans}`;
  }

  #content(text: string): string {
    const content = unescapeMarkup(text.endsWith('\n') ? text.slice(0, -1) : text);
    if (!this.#trim || content === content.trim()) return content;
    this.#repaired('trimmed', `message ${this.#messages.length}`);
    return content.trim();
  }

  #withLaterText(content: string | null, after: string[]): string | null {
    if (after.length === 0) return content;
    this.#repaired('text_after_call', excerpt(after.join(' ')));
    return [...(content ? [content] : []), ...after.map(unescapeMarkup)].join('\n');
  }

  #repaired(code: RepairCode, text: string): void {
    this.#repairs.push({ code, text });
  }
}

function withoutFirstNewline(text: string): string {
  return text.startsWith('\n') ? text.slice(1) : text;
}
