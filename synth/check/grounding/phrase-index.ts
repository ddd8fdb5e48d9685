import type { Branch } from './leaves.ts';
import { wordsOf } from './words.ts';

/** A text that was indexed: a message's content, or a leaf of its JSON. */
export interface Origin {
  readonly message: number;
  /** The leaf's place in the result's JSON; undefined where the text is the content itself. */
  readonly branch?: Branch | null;
  readonly text: string;
}

/** A span of an indexed text. */
export interface Place {
  readonly origin: Origin;
  readonly start: number;
  readonly end: number;
}

/** Most places of a phrase's rarest word that one look-up tries. */
const MAX_TRIES = 2000;
const MAX_PHRASE = 40;
/** Stands between texts, so that no phrase runs from one into the next. */
const GAP = -1;

/**
 * Finds phrases in many texts by their words, whatever the case, spaces and punctuation between them.
 * Texts are added in the order of the conversation; a look-up gives the earliest place.
 */
export class PhraseIndex {
  readonly #numbers = new Map<string, number>();
  readonly #words: number[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #glued: boolean[] = [];
  /** By word number: its first and last position and how many there are. */
  readonly #first: number[] = [];
  readonly #last: number[] = [];
  readonly #count: number[] = [];
  /** By position: the next one of the same word. */
  readonly #next: number[] = [];
  readonly #origins: { from: number; origin: Origin }[] = [];

  add(origin: Origin): void {
    const { words, starts, ends, glued } = wordsOf(origin.text);
    if (words.length === 0) return;
    this.#origins.push({ from: this.#words.length, origin });
    for (let at = 0; at < words.length; at += 1) {
      this.#push(this.#numberOf(words[at] ?? ''), starts[at] ?? 0, ends[at] ?? 0, glued[at]);
    }
    this.#push(GAP, 0, 0, false);
  }

  /** The earliest place of a value's words in a text of a message before `before`; undefined when there is none. */
  find(value: string, before: number): Place | undefined {
    return this.findWords(wordsOf(value).words, before);
  }

  findWords(words: readonly string[], before: number): Place | undefined {
    if (words.length === 0 || words.length > MAX_PHRASE) return undefined;
    const numbers: number[] = [];
    let rarest = 0;
    for (const [at, word] of words.entries()) {
      const number = this.#numbers.get(word);
      if (number === undefined) return undefined;
      numbers.push(number);
      if ((this.#count[number] ?? 0) < (this.#count[numbers[rarest] ?? 0] ?? 0)) rarest = at;
    }
    let at = this.#first[numbers[rarest] ?? 0] ?? GAP;
    for (let tries = 0; at >= 0 && tries < MAX_TRIES; tries += 1) {
      const start = at - rarest;
      if (this.#matches(numbers, start)) return this.#place(start, numbers.length, before);
      at = this.#next[at] ?? GAP;
    }
    return undefined;
  }

  #numberOf(word: string): number {
    const known = this.#numbers.get(word);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(word, number);
    return number;
  }

  #push(number: number, start: number, end: number, glued = false): void {
    const at = this.#words.length;
    this.#words.push(number);
    this.#starts.push(start);
    this.#ends.push(end);
    this.#glued.push(glued);
    this.#next.push(GAP);
    if (number === GAP) return;
    const last = this.#last[number];
    if (last === undefined) this.#first[number] = at;
    else this.#next[last] = at;
    this.#last[number] = at;
    this.#count[number] = (this.#count[number] ?? 0) + 1;
  }

  /** A phrase neither begins nor ends inside of a word: 136 is not found in HAT136. */
  #matches(numbers: readonly number[], start: number): boolean {
    if (start < 0 || this.#glued[start] !== false) return false;
    if (this.#glued[start + numbers.length] === true) return false;
    for (let at = 0; at < numbers.length; at += 1) {
      if (this.#words[start + at] !== numbers[at]) return false;
    }
    return true;
  }

  #place(start: number, length: number, before: number): Place | undefined {
    const origin = this.#originOf(start);
    if (origin === undefined || origin.message >= before) return undefined;
    return { origin, start: this.#starts[start] ?? 0, end: this.#ends[start + length - 1] ?? 0 };
  }

  #originOf(position: number): Origin | undefined {
    let low = 0;
    let high = this.#origins.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#origins[middle]?.from ?? 0) <= position) low = middle;
      else high = middle - 1;
    }
    return this.#origins[low]?.origin;
  }
}
