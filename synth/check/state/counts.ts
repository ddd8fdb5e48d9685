import { isObject } from '../../../core/formats/arguments.ts';
import { snakeCase } from '../grounding/argument-kind.ts';
import { type Sight, sightOf } from '../grounding/sight.ts';
import { shorten } from '../json-path.ts';
import type { Hit, Row, RowMessage } from '../row.ts';
import { type Exchange, exchangesOf } from './exchanges.ts';
import { quantitiesOf } from './message-reading.ts';

const MAX_COUNT = 200;
const MAX_VALUES = 20_000;
/** What comes right before a count of everything there is. */
const TELLS =
  /\b(?:have|has|found|find|see|shows?|showing|lists?|listed|returned|there (?:are|were)|contains?|includes?|all|total of|got)\s(?:\w+\s)?\**$/i;
/** What makes a count one of some of them. */
const NARROWS =
  /^[^.\n]{0,40}\b(?:that|which|who|from|with|in|under|below|above|for|to|matching|available|left|remaining|separate)\b/i;

interface WrongCount extends Hit {
  /** Whether there is one list of that name in all results, and nothing narrows the count down to a part of it. */
  clear: boolean;
}

const known = new WeakMap<Row, readonly WrongCount[]>();

/** Counts in the assistant's texts ("you have three orders") that no list of a result has: clear ones, or the others. */
export function wrongCounts(row: Row, wanted: 'clear' | 'other'): Hit[] {
  const found = known.get(row) ?? findCounts(row);
  known.set(row, found);
  return found
    .filter(({ clear }) => clear === (wanted === 'clear'))
    .map(({ clear: _, ...hit }) => hit);
}

function findCounts(row: Row): WrongCount[] {
  const lists = new Lists();
  const sight = sightOf(row);
  const results = new Map(exchangesOf(row).map((exchange) => [exchange.message, exchange]));
  const hits: WrongCount[] = [];
  for (const message of row.messages) {
    const exchange = results.get(message.index);
    if (exchange !== undefined) lists.add(exchange);
    if (message.role === 'assistant') hits.push(...countsIn(message, lists, sight));
  }
  return hits;
}

function countsIn(message: RowMessage, lists: Lists, sight: Sight): WrongCount[] {
  const { content, index } = message;
  if (content === '' || lists.size === 0) return [];
  return quantitiesOf(message).flatMap((quantity): WrongCount[] => {
    const { value, unit, ordinal, start, end } = quantity;
    if (unit !== null || ordinal || !Number.isInteger(value) || value < 2 || value > MAX_COUNT)
      return [];
    if (!TELLS.test(content.slice(Math.max(0, start - 30), start))) return [];
    const counted = lists.nounAt(content.slice(end, end + 50));
    if (counted === undefined) return [];
    const { noun } = counted;
    const narrowed = counted.narrowed || NARROWS.test(content.slice(end, end + 60));
    if (lists.mayCount(noun, value, narrowed)) return [];
    if (
      sight.words([String(value), noun], index) ??
      sight.words([String(value), `${noun}s`], index)
    )
      return [];
    const lengths = lists.lengths(noun);
    const text = `"${shorten(content.slice(start, end + 30), 50)}": the lists of ${shorten(noun, 30)} in the results have ${shorten([...lengths].join(', '), 60)}`;
    // Fewer may be some of them by what was said before; more there cannot be.
    const clear = !narrowed && lists.isOnly(noun) && [...lengths].every((one) => value > one);
    return [{ message_index: index, path: 'content', text, clear }];
  });
}

interface Named {
  value: unknown;
  name: string;
}

/** The lengths of the lists in results by what they list, in the singular. */
class Lists {
  readonly #lengths = new Map<string, Set<number>>();
  readonly #totals = new Map<string, number>();

  get size(): number {
    return this.#lengths.size;
  }

  /** Whether results list this once, and as the whole of what they return. */
  isOnly(noun: string): boolean {
    const [length, ...others] = this.lengths(noun);
    return others.length === 0 && length === this.#totals.get(noun);
  }

  lengths(noun: string): ReadonlySet<number> {
    return this.#lengths.get(noun) ?? new Set();
  }

  add({ call, result }: Exchange): void {
    const values: Named[] = [{ value: result?.value, name: lastWord(call.name) }];
    for (let at = 0; at < values.length && at < MAX_VALUES; at += 1) {
      const { value, name = '' } = values[at] ?? {};
      if (Array.isArray(value)) {
        this.#addList(name, value.length);
        for (const member of value) values.push({ value: member, name });
      } else if (isObject(value)) values.push(...this.#members(value, name));
    }
  }

  /** A map from ids is a list, too. */
  #members(object: Record<string, unknown>, name: string): Named[] {
    const members = Object.entries(object).filter(([, value]) => typeof value === 'object');
    const areIds = members.length > 0 && members.every(([key]) => /\d/.test(key));
    if (areIds && members.length === Object.keys(object).length)
      this.#addList(name, members.length);
    return members.map(([key, value]) => ({ value, name: /\d/.test(key) ? name : lastWord(key) }));
  }

  #addList(name: string, length: number): void {
    const known = this.#lengths.get(name);
    if (known === undefined) this.#lengths.set(name, new Set([length]));
    else known.add(length);
    this.#totals.set(name, (this.#totals.get(name) ?? 0) + length);
  }

  /** What is counted right after a number, when results list it, and whether words narrow it down: `pending orders`. */
  nounAt(text: string): { noun: string; narrowed: boolean } | undefined {
    const words =
      /^[ *_]{1,3}((?:[\p{L}-]{1,20} ){0,2}[\p{L}-]{2,20})/u.exec(text)?.[1]?.split(' ') ?? [];
    for (const [at, word] of words.entries()) {
      const noun = singular(word.toLowerCase());
      if (this.#lengths.has(noun)) return { noun, narrowed: at > 0 };
    }
    return undefined;
  }

  /** A list of that length, all of several together, or a part of them where words narrow it down. */
  mayCount(noun: string, count: number, narrowed: boolean): boolean {
    const total = this.#totals.get(noun) ?? 0;
    return this.lengths(noun).has(count) || count === total || (narrowed && count < total);
  }
}

function lastWord(name: string): string {
  return singular(snakeCase(name).split('_').at(-1) ?? '');
}

function singular(word: string): string {
  if (/(?:ss|us|is)$/.test(word) || word.length < 4) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  return word.endsWith('s') ? word.slice(0, -1) : word;
}
