/**
 * The value that a Python literal of dicts, lists, tuples, texts, numbers, True, False and None writes, as
 * `str()` of a dict does; undefined for anything else. Never recurses deeper than 200 levels.
 */
export function parsePythonLiteral(text: string): unknown {
  const reader = new Reader(text);
  try {
    const value = reader.value(0);
    return reader.atEnd() ? value : undefined;
  } catch (error) {
    if (error instanceof NoLiteral) return undefined;
    throw error;
  }
}

class NoLiteral extends Error {}

const MAX_DEPTH = 200;
const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['True', true],
  ['False', false],
  ['None', null],
]);
const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', '\n': '' };
const TOKEN = /\s*(?:(?<word>[A-Za-z]+)|(?<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?))/y;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    return this.#peek() === '';
  }

  value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw new NoLiteral();
    const sign = this.#peek();
    if (sign === '{') return this.#dict(depth);
    if (sign === '[') return this.#list(']', depth);
    if (sign === '(') return this.#list(')', depth);
    if (sign === '"' || sign === "'") return this.#string(sign);
    return this.#plain();
  }

  /** The next sign after blanks, which are passed over; empty at the end. */
  #peek(): string {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at += 1;
    return this.#text[this.#at] ?? '';
  }

  #dict(depth: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    this.#at += 1;
    while (this.#peek() !== '}') {
      const key = this.value(depth + 1);
      if (this.#peek() !== ':') throw new NoLiteral();
      this.#at += 1;
      entries.push([String(key), this.value(depth + 1)]);
      this.#comma('}');
    }
    this.#at += 1;
    return Object.fromEntries(entries);
  }

  #list(close: string, depth: number): unknown[] {
    const items: unknown[] = [];
    this.#at += 1;
    while (this.#peek() !== close) {
      items.push(this.value(depth + 1));
      this.#comma(close);
    }
    this.#at += 1;
    return items;
  }

  #comma(close: string): void {
    const sign = this.#peek();
    if (sign === ',') this.#at += 1;
    else if (sign !== close) throw new NoLiteral();
  }

  #string(quote: string): string {
    const parts: string[] = [];
    for (this.#at += 1; ; this.#at += 1) {
      const sign = this.#text[this.#at];
      if (sign === undefined) throw new NoLiteral();
      if (sign === quote) break;
      parts.push(sign === '\\' ? this.#escaped() : sign);
    }
    this.#at += 1;
    return parts.join('');
  }

  /** What an escape stands for; stays on its last sign. */
  #escaped(): string {
    this.#at += 1;
    const sign = this.#text[this.#at] ?? '';
    const digits = { x: 2, u: 4, U: 8 }[sign];
    if (digits === undefined) return ESCAPES[sign] ?? sign;
    const code = Number.parseInt(this.#text.slice(this.#at + 1, this.#at + 1 + digits), 16);
    if (Number.isNaN(code) || code > 0x10ffff) throw new NoLiteral();
    this.#at += digits;
    return String.fromCodePoint(code);
  }

  #plain(): unknown {
    TOKEN.lastIndex = this.#at;
    const { word, number } = TOKEN.exec(this.#text)?.groups ?? {};
    this.#at = TOKEN.lastIndex;
    if (number !== undefined) return Number(number);
    if (word === undefined || !WORDS.has(word)) throw new NoLiteral();
    return WORDS.get(word);
  }
}
