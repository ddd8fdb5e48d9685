import { isObject } from '../../core/formats/arguments.ts';
import type { ReadRow } from '../../core/formats/read-row.ts';
import { visible } from '../run-report/markup.ts';

/** A text looked for in rows, whatever its case. */
export class SearchTerm {
  readonly #text: string;
  /** Stands in the bytes of every row that holds the text, whatever is escaped there; empty where none is sure to. */
  readonly #sure: string;

  constructor(text: string) {
    this.#text = text.toLowerCase();
    const runs = this.#text.match(/[a-z0-9 ,.;()-]+/g) ?? [];
    this.#sure = runs.reduce((longest, run) => (run.length > longest.length ? run : longest), '');
  }

  /** Whether a row's line may hold the text: false is sure, true is to be looked at. */
  mayBeIn(line: Buffer): boolean {
    return this.#sure === '' || line.toString('latin1').toLowerCase().includes(this.#sure);
  }

  /** The first place where a row has the text, with some words around it; undefined where it has not. */
  in(row: ReadRow): Snippet | undefined {
    for (const [where, text] of textsOf(row)) {
      const at = text.toLowerCase().indexOf(this.#text);
      if (at >= 0) return snippet(where, text, at, this.#text.length);
    }
    return undefined;
  }
}

/** A place of a found text: what came before, the text, what came after. */
export interface Snippet {
  where: string;
  before: string;
  found: string;
  after: string;
}

const AROUND = 60;

/** Lower case may be longer than the text it is of, so the place may be off by a few letters in such texts. */
function snippet(where: string, text: string, at: number, length: number): Snippet {
  const part = (from: number, to: number) =>
    visible(text.slice(Math.max(0, from), to)).replace(/\s+/g, ' ');
  return {
    where,
    before: part(at - AROUND, at),
    found: part(at, at + length),
    after: part(at + length, at + length + AROUND),
  };
}

/** What a reader would look for: conversation, tools, passage and the words on the row; not where it came from. */
function* textsOf({ fields, conversation }: ReadRow): Generator<[string, string]> {
  for (const [index, message] of (conversation?.messages ?? []).entries())
    yield* stringsIn(message, `message ${index}`);
  const { messages: _messages, conversations: _turns, provenance: _provenance, ...rest } = fields;
  for (const [name, value] of Object.entries(rest)) yield* stringsIn(value, name);
}

const DEEPEST = 64;

function* stringsIn(value: unknown, where: string, depth = 0): Generator<[string, string]> {
  if (typeof value === 'string') yield [where, value];
  else if (depth < DEEPEST && Array.isArray(value)) {
    for (const member of value) yield* stringsIn(member, where, depth + 1);
  } else if (depth < DEEPEST && isObject(value)) {
    for (const [name, member] of Object.entries(value)) {
      // A tool is looked for by its argument names too.
      if (isObject(member)) yield [where, name];
      yield* stringsIn(member, where, depth + 1);
    }
  }
}
