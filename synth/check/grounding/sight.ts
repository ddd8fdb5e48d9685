import { isObject, jsonOrUndefined } from '../../../core/formats/arguments.ts';
import { type Quantity, quantitiesIn } from '../../../core/text/quantities.ts';
import type { Dimension } from '../../../core/text/quantities-units.ts';
import { BoundedCache } from '../bounded-cache.ts';
import type { Row, RowMessage } from '../row.ts';
import { type Leaf, leavesOf } from './leaves.ts';
import { type Origin, PhraseIndex, type Place } from './phrase-index.ts';

/** A number that was said or returned; `quantity` where it was found in a text. */
export interface SeenNumber {
  value: number;
  place: Place;
  /** The member name of a number in a result; empty in texts. */
  key: string;
  quantity?: Quantity;
}

/** What one or more messages give: the words of their texts, their numbers. */
export class Part {
  readonly phrases = new PhraseIndex();
  readonly numbers: SeenNumber[] = [];
  readonly origins: Origin[] = [];
  readonly #byValue = new Map<number, SeenNumber>();

  /** By dimension and value in the base unit. */
  readonly #byBase = new Map<string, SeenNumber>();

  number(value: number): SeenNumber | undefined {
    return this.#byValue.get(value);
  }

  measure(dimension: Dimension, base: number): SeenNumber | undefined {
    return this.#byBase.get(baseKey(dimension, base));
  }

  addText(origin: Origin): void {
    this.phrases.add(origin);
    this.origins.push(origin);
    if (!/\d|[a-z] [a-z]/i.test(origin.text)) return;
    for (const quantity of quantitiesIn(origin.text)) {
      const { start, end, value } = quantity;
      this.#addNumber({ value, place: { origin, start, end }, key: '', quantity });
    }
  }

  addLeaf({ value, branch, key }: Leaf, message: number): void {
    const origin: Origin = { message, branch, text: String(value) };
    if (typeof value === 'string') this.addText(origin);
    if (typeof value !== 'number') return;
    this.phrases.add(origin);
    this.#addNumber({ value, place: { origin, start: 0, end: origin.text.length }, key });
  }

  #addNumber(seen: SeenNumber): void {
    this.numbers.push(seen);
    if (!this.#byValue.has(seen.value)) this.#byValue.set(seen.value, seen);
    const { dimension = null, base = 0 } = seen.quantity ?? {};
    if (dimension === null || dimension === 'money') return;
    const key = baseKey(dimension, base);
    if (!this.#byBase.has(key)) this.#byBase.set(key, seen);
  }
}

function baseKey(dimension: Dimension, base: number): string {
  return `${dimension} ${base.toPrecision(9)}`;
}

/** What a result's JSON holds, read once for all families. */
export interface Result {
  message: number;
  value: unknown;
  leaves: readonly Leaf[];
}

/**
 * What is in sight at each point of a conversation: everything the system message, the user and the
 * results gave. Look-ups name the message before which it must stand and give the earliest place.
 */
export class Sight {
  readonly #parts: readonly Part[];
  readonly #rest = new Part();
  readonly #messages: readonly RowMessage[];
  #said: Part | undefined;
  /** The results that are JSON objects or lists, by message. */
  readonly results = new Map<number, Result>();

  constructor(messages: readonly RowMessage[]) {
    this.#messages = messages;
    const parts: Part[] = [];
    for (const message of messages) {
      if (message.role === 'system') parts.push(systemPart(message));
      else if (message.role === 'user')
        this.#rest.addText({ message: message.index, text: message.content });
      else if (message.role === 'tool') this.#addResult(message);
    }
    this.#parts = [...parts, this.#rest];
  }

  #addResult({ index, content }: RowMessage): void {
    const value = /^\s*[[{]/.test(content) ? jsonOrUndefined(content) : undefined;
    if (value === undefined) {
      this.#rest.addText({ message: index, text: content });
      return;
    }
    const leaves = leavesOf(value);
    this.results.set(index, { message: index, value, leaves });
    for (const leaf of leaves) this.#rest.addLeaf(leaf, index);
    this.#addKeys(value, index);
  }

  /** Ids are member names in some results. */
  #addKeys(root: unknown, message: number): void {
    const values: unknown[] = [root];
    for (let at = 0; at < values.length && at < 20_000; at += 1) {
      const value = values[at];
      if (Array.isArray(value)) for (const member of value) values.push(member);
      else if (isObject(value)) {
        for (const [key, member] of Object.entries(value)) {
          if (/\d/.test(key)) this.#rest.phrases.add({ message, branch: null, text: key });
          values.push(member);
        }
      }
    }
  }

  /** The earliest place of a value's words, whatever the case, spaces and punctuation. */
  phrase(value: string, before: number): Place | undefined {
    return earliest(this.#parts.map((part) => part.phrases.find(value, before)));
  }

  words(words: readonly string[], before: number): Place | undefined {
    return earliest(this.#parts.map((part) => part.phrases.findWords(words, before)));
  }

  number(value: number, before: number): SeenNumber | undefined {
    for (const part of this.#parts) {
      const seen = part.number(value);
      if (seen !== undefined && seen.place.origin.message < before) return seen;
    }
    return undefined;
  }

  /** The first number that rounds to one: 3.9625 for 3.96. */
  rounded(value: number, before: number): SeenNumber | undefined {
    const decimals = String(value).split('.')[1]?.length ?? 0;
    if (decimals > 3 || (decimals === 0 && Math.abs(value) < 20)) return undefined;
    for (const seen of this.numbers(before)) {
      if (Number.isInteger(seen.value) || Math.abs(seen.value - value) > 0.5) continue;
      if (Number(seen.value.toFixed(decimals)) === value) return seen;
    }
    return undefined;
  }

  /** A measure in a text, by its value in the base unit of its dimension; money is not converted. */
  measure(dimension: Dimension, base: number, before: number): SeenNumber | undefined {
    for (const part of this.#parts) {
      const seen = part.measure(dimension, base);
      if (seen !== undefined && seen.place.origin.message < before) return seen;
    }
    return undefined;
  }

  /** All numbers before a message, in the order of the conversation, the system message's first. */
  *numbers(before: number): Generator<SeenNumber> {
    for (const part of this.#parts) {
      for (const seen of part.numbers) {
        if (seen.place.origin.message >= before) break;
        yield seen;
      }
    }
  }

  /** The numbers of user messages and of results that are plain text. */
  *heard(before: number): Generator<SeenNumber> {
    for (const seen of this.#rest.numbers) {
      const { message, branch } = seen.place.origin;
      if (message >= before) break;
      if (branch === undefined) yield seen;
    }
  }

  /** The texts of user messages and of results that are plain text. */
  *heardTexts(before: number): Generator<string> {
    for (const { message, branch, text } of this.#rest.origins) {
      if (message >= before) break;
      if (branch === undefined) yield text;
    }
  }

  /** What the assistant's own texts say, read when first asked for. */
  get said(): Part {
    if (this.#said !== undefined) return this.#said;
    const said = new Part();
    for (const { index, role, content } of this.#messages) {
      if (role === 'assistant' && content !== '') said.addText({ message: index, text: content });
    }
    this.#said = said;
    return said;
  }

  /** Whether a user message stands between a message and a later one: what was proposed could be turned down. */
  heardBetween(from: number, to: number): boolean {
    return this.#messages.slice(from + 1, to).some(({ role }) => role === 'user');
  }

  /** All texts, the system message's first. */
  *origins(): Generator<Origin> {
    for (const part of this.#parts) yield* part.origins;
  }
}

function earliest(places: readonly (Place | undefined)[]): Place | undefined {
  return places.find((place) => place !== undefined);
}

/** Rows of one run or benchmark share their long system messages. */
const systemParts = new BoundedCache<Part>();

function systemPart({ index, content }: RowMessage): Part {
  const key = `${index} ${content}`;
  const known = systemParts.get(key);
  if (known !== undefined) return known;
  const part = new Part();
  part.addText({ message: index, text: content });
  systemParts.set(key, part);
  return part;
}

const sights = new WeakMap<Row, Sight>();

/** The sight of a row, made once for all families. */
export function sightOf(row: Row): Sight {
  const known = sights.get(row) ?? new Sight(row.messages);
  sights.set(row, known);
  return known;
}
