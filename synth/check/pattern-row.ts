import type { Conversation, Message } from '../../core/conversation.ts';

export interface PastCall {
  message: number;
  name: string;
  /** The texts and numbers among its arguments, in small letters. */
  values: readonly string[];
  /** The message that answers it. */
  result: number | undefined;
  /** Whether its result says so; undefined without a result. */
  failed: boolean | undefined;
}

interface PastMessage {
  index: number;
  role: Message['role'];
  text: string;
}

const MAX_TEXT = 20_000;
const MAX_VALUES = 100;
const MAX_TRIES = 50;

/** A conversation prepared for the rules of patterns: what was said where. Texts are cut at 20,000 characters. */
export class PatternRow {
  readonly messages: readonly PastMessage[];
  readonly calls: readonly PastCall[];
  readonly systemText: string;
  /** The sentences of assistant messages. */
  readonly statements: readonly { message: number; text: string }[];
  /** What was said in each message, arguments too, in small letters. */
  readonly #said: readonly string[];
  /** What the user and the tools said, and where in it each message ends. */
  readonly #heard: { text: string; ends: readonly number[] };
  readonly #mentions = new Map<string, readonly number[]>();

  constructor({ messages }: Conversation) {
    this.messages = messages.map(({ role, content }, index) => ({
      index,
      role,
      text: (content ?? '').slice(0, MAX_TEXT),
    }));
    this.calls = pastCalls(messages);
    this.systemText = this.messages.find(({ role }) => role === 'system')?.text ?? '';
    this.statements = this.messages
      .filter(({ role }) => role === 'assistant')
      .flatMap(({ index, text }) =>
        sentencesOf(text).map((sentence) => ({ message: index, text: sentence })),
      );
    this.#said = messages.map((message) => saidIn(message));
    this.#heard = this.#readHeard();
  }

  #readHeard(): { text: string; ends: number[] } {
    let text = '';
    const ends = this.messages.map(({ index, role }) => {
      if (role === 'user' || role === 'tool') text += `${this.#said[index]}\n`;
      return text.length;
    });
    return { text, ends };
  }

  /** The messages that mention a value as a word of its own, the system message left out. */
  mentions(value: string): readonly number[] {
    const known = this.#mentions.get(value);
    if (known !== undefined) return known;
    const found = this.messages
      .filter(({ index, role }) => role !== 'system' && hasWord(this.#said[index] ?? '', value))
      .map(({ index }) => index);
    this.#mentions.set(value, found);
    return found;
  }

  /** What the user and the tools have said before a message, in small letters. */
  saidBefore(message: number): string {
    return this.#heard.text.slice(0, this.#heard.ends[message - 1] ?? 0);
  }
}

/** All calls of a conversation, in their order. */
export function pastCalls(messages: readonly Message[]): PastCall[] {
  return messages.flatMap((message, index) => callsOf(message, index, messages));
}

/** The sentences of a text, short of their end signs; numbers such as 2.5 stay whole. */
export function sentencesOf(text: string): string[] {
  return text
    .split(/[.!?](?=\s|$)|\n/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}

function callsOf(message: Message, index: number, messages: readonly Message[]): PastCall[] {
  if (message.role !== 'assistant') return [];
  return (message.tool_calls ?? []).map(({ id, function: { name, arguments: text } }) => {
    const result = resultOf(id, index, messages);
    const answer = result === undefined ? undefined : messages[result]?.content;
    return {
      message: index,
      name,
      values: leavesOf(parse(text)).slice(0, MAX_VALUES),
      result,
      failed: answer === undefined ? undefined : isFailure(answer ?? ''),
    };
  });
}

/** Ids may come again later: a result follows its call at once. */
function resultOf(id: string, index: number, messages: readonly Message[]): number | undefined {
  for (let at = index + 1; messages[at]?.role === 'tool'; at += 1) {
    const message = messages[at];
    if (message?.role === 'tool' && message.tool_call_id === id) return at;
  }
  return undefined;
}

/** Whether a result says that the call failed. */
function isFailure(text: string): boolean {
  const value = text.length > MAX_TEXT ? undefined : parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return /^\s*["'[(]?(?:error|failed|failure|exception)\b/i.test(text.slice(0, 100));
  }
  const { error, success, ok, status } = value as Record<string, unknown>; // an object, as just told
  if (success === false || ok === false) return true;
  if (typeof status === 'string' && /^(?:error|failed|failure)$/i.test(status)) return true;
  return error !== undefined && error !== null && error !== false && error !== '';
}

function leavesOf(root: unknown): string[] {
  const found = new Set<string>();
  const rest: unknown[] = [root];
  while (rest.length > 0 && found.size < MAX_VALUES) {
    const value = rest.pop();
    if (typeof value === 'string' && value.trim().length > 1) found.add(value.trim().toLowerCase());
    else if (typeof value === 'number') found.add(String(value));
    else if (typeof value === 'object' && value !== null)
      rest.push(...Object.values(value).slice(0, MAX_VALUES));
  }
  return [...found];
}

function saidIn(message: Message): string {
  const calls = message.role === 'assistant' ? (message.tool_calls ?? []) : [];
  const args = calls.map((call) => call.function.arguments.slice(0, MAX_TEXT));
  return [(message.content ?? '').slice(0, MAX_TEXT), ...args].join('\n').toLowerCase();
}

/** Whether a text holds a value with neither a letter nor a digit beside it. */
function hasWord(text: string, value: string): boolean {
  let at = text.indexOf(value);
  for (let tries = 0; at >= 0 && tries < MAX_TRIES; tries += 1) {
    const around = `${text[at - 1] ?? ' '}${text[at + value.length] ?? ' '}`;
    if (!/[\p{L}\p{N}]/u.test(around)) return true;
    at = text.indexOf(value, at + 1);
  }
  return false;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
