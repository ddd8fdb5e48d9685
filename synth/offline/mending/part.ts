import type { Conversation, Message, ToolCall } from '../../../core/conversation.ts';
import type { Constraint } from '../../../core/workflow.ts';
import { Arguments } from '../dialogue/script.ts';
import { modelTools } from '../dialogue/tool-model.ts';
import { World } from '../dialogue/world.ts';
import { objectIn } from '../judging/values.ts';
import { Random } from '../seed.ts';
import { type CallMending, mendCall } from './call.ts';
import { Known } from './known.ts';
import { mendText } from './text.ts';

/** A conversation's messages from one on, with what does not follow from those before put right. */
export function mendPart(
  conversation: Conversation,
  from: number,
  constraints: readonly Constraint[],
  seed: string,
): Message[] {
  const known = new Known();
  for (const message of conversation.messages.slice(0, from)) known.add(message);
  const part = new Part(conversation, constraints, known, seed);
  for (const message of conversation.messages.slice(from)) part.mend(message);
  return part.messages();
}

/** The messages written so far, and the calls among all messages whose results are to come. */
class Part {
  readonly #written: Message[] = [];
  readonly #conversation: Conversation;
  readonly #constraints: readonly Constraint[];
  readonly #known: Known;
  readonly #world: World;
  /** Calls that wait for their result, with what was changed in their arguments. */
  readonly #waiting: { call: ToolCall; changed: ReadonlyMap<unknown, unknown> }[] = [];

  constructor(
    conversation: Conversation,
    constraints: readonly Constraint[],
    known: Known,
    seed: string,
  ) {
    this.#conversation = conversation;
    this.#constraints = constraints;
    this.#known = known;
    this.#world = new World(new Random(`${seed} mend`));
    this.#waiting.push(
      ...known.unanswered().map((call) => ({ call, changed: new Map<unknown, unknown>() })),
    );
  }

  messages(): Message[] {
    this.#answerOpenCalls();
    return this.#written;
  }

  mend(message: Message): void {
    if (message.role === 'tool') {
      this.#result(message.content);
      return;
    }
    this.#answerOpenCalls();
    if (message.role !== 'assistant') {
      this.#write(message);
      return;
    }
    const tool_calls = message.tool_calls?.map((call) => this.#call(call));
    const text = message.content;
    const content = text === null ? null : mendText(text, this.#known, this.#conversation.tools);
    this.#write({
      role: 'assistant',
      content,
      ...(tool_calls === undefined ? {} : { tool_calls }),
    });
  }

  #call(call: ToolCall): ToolCall {
    const { messages, tools } = this.#conversation;
    const answer = messages.find((one) => one.role === 'tool' && one.tool_call_id === call.id);
    const result = objectIn(answer?.content ?? '') ?? {};
    const mending: CallMending = {
      tools,
      constraints: this.#constraints,
      known: this.#known,
      result,
    };
    const { mended, changed } = mendCall(call, mending);
    this.#waiting.push({ call: mended, changed });
    return mended;
  }

  /** Results answer the calls in order, whatever ids they had. */
  #result(content: string): void {
    const next = this.#waiting.shift();
    // A result of no call has nothing to stand for.
    if (next === undefined) return;
    const object = objectIn(content);
    const mended = object === undefined ? content : JSON.stringify(inKeeping(object, next.changed));
    this.#write({ role: 'tool', tool_call_id: next.call.id, content: mended });
  }

  /** A call whose result is missing gets the one that its tool would return. */
  #answerOpenCalls(): void {
    const models = modelTools(this.#conversation.tools, this.#constraints);
    for (const { call } of this.#waiting.splice(0)) {
      const model = models.find(({ name }) => name === call.function.name);
      const args = Arguments.safeParse(objectIn(call.function.arguments)).data ?? {};
      const result = model === undefined ? { status: 'done' } : this.#world.answer(model, args);
      this.#write({ role: 'tool', tool_call_id: call.id, content: JSON.stringify(result) });
    }
  }

  #write(message: Message): void {
    this.#written.push(message);
    this.#known.add(message);
  }
}

/** A result that repeats changed arguments as they are now, without members that hold placeholders. */
function inKeeping(
  result: Record<string, unknown>,
  changed: ReadonlyMap<unknown, unknown>,
): Record<string, unknown> {
  const kept = Object.entries(result).filter(
    ([, value]) => !/\.\.\.|\bmore results\b/.test(JSON.stringify(value)),
  );
  return Object.fromEntries(kept.map(([key, value]) => [key, changed.get(value) ?? value]));
}
