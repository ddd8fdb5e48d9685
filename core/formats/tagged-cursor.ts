import { isWholeJson } from './tagged-json.ts';
import { excerpt, type Repair, type RepairCode, TaggedProblem } from './tagged-repair.ts';
import { opensTurn, scanTags, type Tag } from './tagged-scan.ts';

/**
 * Walks over a tagged text from tag to tag and decides where blocks end, reporting what was amiss.
 * What it cannot decide without guessing it throws as a TaggedProblem.
 */
export class TaggedCursor {
  readonly #repairs: Repair[];
  readonly #text: string;
  readonly #tags: readonly Tag[];
  /** The index of the next tag, and the offset up to which the text is read. */
  #next = 0;
  #at: number;

  /** Throws a TaggedProblem when the text is nothing but an unfinished think block. */
  constructor(text: string, repairs: Repair[]) {
    this.#text = text;
    this.#repairs = repairs;
    this.#at = this.#endOfThinking();
    this.#tags = scanTags(text, this.#at);
  }

  /** The next tag, not yet passed. */
  get tag(): Tag | undefined {
    return this.#tags[this.#next];
  }

  /** Passes a tag by. */
  pass(tag: Tag): void {
    this.#checkCase(tag);
    this.#at = tag.end;
    this.#next += 1;
  }

  /** Passes the text before the next tag and gives it back as it is. */
  textBefore(tag: Tag): string {
    return this.#read(tag.start, tag.start, 0);
  }

  /** Passes the text between blocks, up to the next tag or the end; what there is of it is reported. */
  outside(): string {
    const end = this.tag?.start ?? this.#text.length;
    const text = this.#read(end, end, 0).trim();
    if (text === '') return text;
    const fence = text.split('\n').every((line) => line.trim() === '' || line.startsWith('```'));
    this.#repaired(fence ? 'code_fence' : 'outside_text', excerpt(text));
    return text;
  }

  /** Passes a closing tag that closes nothing, unless text stands before it that it may have closed. */
  strayClose(tag: Tag, before: string): void {
    if (before !== '') {
      throw new TaggedProblem(`</${tag.name}> closes nothing, after "${excerpt(before)}"`);
    }
    this.#repaired('stray_close', `</${tag.name}>`);
    this.pass(tag);
  }

  /** Passes the rest of an open turn and its end, wherever that is, and gives the text back. */
  restOfTurn(open: Tag, hasCalls: boolean): string {
    const tag = this.tag;
    if (tag === undefined) return this.#lastText(open, hasCalls);
    if (closes(tag, open)) {
      this.#checkCase(tag);
      return this.#read(tag.start, tag.end, 1);
    }
    if (opensTurn(tag) && tag.atLineStart) {
      this.#repaired('missing_close', `<${open.name}> ended at <${tag.name}>`);
      return this.#read(tag.start, tag.start, 0);
    }
    const after = this.#tags[this.#next + 1];
    const written = this.#text.slice(tag.start, tag.end);
    if (tag.close && tag.name !== 'func' && this.#isFollowedByTurn(tag, after)) {
      this.#repaired('wrong_close', `<${open.name}> ended at ${written}`);
      return this.#read(tag.start, tag.end, 1);
    }
    const isCall = open.name === 'assistant' && tag.name === 'func';
    if (!isCall && after !== undefined && closes(after, open)) {
      this.#repaired('unescaped_tag', `${written} in <${open.name}>`);
      return this.#read(after.start, after.end, 2);
    }
    throw new TaggedProblem(`${written} stands inside <${open.name}>`);
  }

  #isFollowedByTurn(tag: Tag, after: Tag | undefined): boolean {
    const between = this.#text.slice(tag.end, after?.start);
    return between.trim() === '' && (after === undefined || opensTurn(after));
  }

  /** A last turn without its closing tag is taken when its text plainly ended there. */
  #lastText(open: Tag, hasCalls: boolean): string {
    const rest = this.#read(this.#text.length, this.#text.length, 0);
    const text = rest.trim();
    const isJson = open.name === 'tool' && /^[{[]/.test(text);
    const ended = isJson ? isWholeJson(text) : /^[.!?:)\]}"'`*。！？…]$/.test(text.slice(-1));
    if (!ended && !(text === '' && hasCalls)) {
      throw new TaggedProblem(`the text is cut off inside <${open.name}>: "${excerpt(text)}"`);
    }
    this.#repaired('missing_close', `<${open.name}> ended with the text`);
    return rest;
  }

  /** Passes a JSON block, its tags too, and gives its text back; tags inside strings are part of it. */
  jsonBlock(open: Tag): { body: string; closed: boolean } {
    this.pass(open);
    const next = this.tag;
    const upToNext = this.#text.slice(open.end, next?.start);
    if (next !== undefined && closes(next, open)) {
      this.#checkCase(next);
      return { body: this.#read(next.start, next.end, 1), closed: true };
    }
    if (next === undefined || isWholeJson(upToNext)) {
      this.#repaired('missing_close', `<${open.name}>`);
      const end = open.end + upToNext.length;
      return { body: this.#read(end, end, 0), closed: false };
    }
    const index = closingIndex(this.#tags, this.#next, open);
    const close = this.#tags[index];
    if (close === undefined) {
      throw new TaggedProblem(`the JSON of a ${open.name} block is cut off: ${excerpt(upToNext)}`);
    }
    return { body: this.#read(close.start, close.end, index + 1 - this.#next), closed: false };
  }

  /** The text up to an offset; goes on at `resume`, so many tags further. */
  #read(end: number, resume: number, tags: number): string {
    const text = this.#text.slice(this.#at, end);
    this.#at = resume;
    this.#next += tags;
    return text;
  }

  /** The end of the reasoning before the answer; its opening tag may have been in the prompt. */
  #endOfThinking(): number {
    const close = /<\/think>/i.exec(this.#text);
    const before = this.#text.slice(0, close?.index);
    const opened = /^\s*<think>/i.test(before);
    if (close === null && opened) throw new TaggedProblem('the text ends inside its think block');
    if (close === null) return 0;
    const inAnswer = /<think>/i.test(before) || scanTags(before, 0).some((tag) => tag.atLineStart);
    if (!opened && inAnswer) return 0;
    this.#repaired('think', excerpt(before));
    return close.index + close[0].length;
  }

  #checkCase(tag: Tag): void {
    if (tag.written === tag.name) return;
    const isCallTag = tag.written.toLowerCase() === 'tool_call';
    if (!isCallTag) this.#repaired('tag_case', `<${tag.written}> read as <${tag.name}>`);
    else if (!tag.close) this.#repaired('call_tag', '<tool_call> read as <func>');
  }

  #repaired(code: RepairCode, text: string): void {
    this.#repairs.push({ code, text });
  }
}

function closes(tag: Tag, open: Tag): boolean {
  return tag.close && tag.name === open.name;
}

function closingIndex(tags: readonly Tag[], from: number, open: Tag): number {
  for (let index = from; index < tags.length; index += 1) {
    const tag = tags[index];
    if (tag !== undefined && closes(tag, open)) return index;
  }
  return tags.length;
}
