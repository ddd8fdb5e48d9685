import { jsonOrUndefined } from '../../../core/formats/arguments.ts';
import { joinPath } from '../../../synth/check/json-path.ts';

/** A value in a laid-out text: its path (`a.b[0]`) and where it stands. */
interface LaidValue {
  path: string;
  start: number;
  end: number;
}

export interface JsonLayout {
  text: string;
  values: LaidValue[];
}

const LONGEST = 50_000;
const DEEPEST = 24;
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/**
 * JSON with a line a member and the places of its values. Numbers and members stay as they are written, also long
 * numbers and members that come twice. Undefined for what is no object or list, is long, or is nested so deep that its
 * indentation alone would fill the page.
 */
export function layoutJson(text: string): JsonLayout | undefined {
  if (text.length > LONGEST || !/^\s*[[{]/.test(text)) return undefined;
  if (jsonOrUndefined(text) === undefined) return undefined;
  const layout = new Layout();
  for (const [token] of text.matchAll(TOKENS)) if (!layout.add(token)) return undefined;
  return { text: layout.text, values: layout.values };
}

interface Level {
  path: string;
  isList: boolean;
  /** The member that is next, or whose value is. */
  at: string | number;
  start: number;
  isEmpty: boolean;
}

class Layout {
  text = '';
  readonly values: LaidValue[] = [];
  readonly #levels: Level[] = [];
  #awaitsKey = false;

  /** Whether it could be laid out: not where it is too deep. */
  add(token: string): boolean {
    if (token === '{' || token === '[') return this.#open(token);
    if (token === '}' || token === ']') this.#close(token);
    else if (token === ',') this.#next();
    else if (token === ':') this.text += ': ';
    else if (this.#awaitsKey) this.#key(token);
    else this.#value(token);
    return true;
  }

  #open(token: string): boolean {
    const path = this.#pathHere();
    this.#beforeMember();
    const isList = token === '[';
    this.#levels.push({
      path,
      isList,
      at: isList ? 0 : '',
      start: this.text.length,
      isEmpty: true,
    });
    this.#awaitsKey = !isList;
    this.text += token;
    return this.#levels.length <= DEEPEST;
  }

  #close(token: string): void {
    const level = this.#levels.pop();
    this.text += level?.isEmpty ? token : `${this.#newline()}${token}`;
    this.#awaitsKey = false;
    if (level !== undefined)
      this.values.push({ path: level.path, start: level.start, end: this.text.length });
  }

  #next(): void {
    const level = this.#levels.at(-1);
    this.text += ',';
    if (level?.isList) level.at = Number(level.at) + 1;
    else this.#awaitsKey = true;
  }

  #key(token: string): void {
    const level = this.#levels.at(-1);
    this.#beforeMember(true);
    if (level !== undefined) level.at = String(jsonOrUndefined(token) ?? token);
    this.text += readable(token);
    this.#awaitsKey = false;
  }

  #value(token: string): void {
    const path = this.#pathHere();
    this.#beforeMember();
    const start = this.text.length;
    this.text += readable(token);
    this.values.push({ path, start, end: this.text.length });
  }

  /** Members begin a line of their own; a value after its key does not. */
  #beforeMember(isKey = false): void {
    const level = this.#levels.at(-1);
    if (level === undefined) return;
    if (level.isList || isKey) this.text += this.#newline();
    level.isEmpty = false;
  }

  #newline(): string {
    return `\n${'  '.repeat(this.#levels.length)}`;
  }

  #pathHere(): string {
    const level = this.#levels.at(-1);
    return level === undefined ? '' : joinPath(level.path, level.at);
  }
}

/** A string with its letters instead of their escapes. */
function readable(token: string): string {
  if (!token.startsWith('"') || !token.includes('\\')) return token;
  const value = jsonOrUndefined(token);
  return typeof value === 'string' ? JSON.stringify(value) : token;
}
