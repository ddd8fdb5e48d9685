import { unescapeAttribute } from './tagged.ts';

export type TurnTag = 'system' | 'user' | 'assistant' | 'tool';
type TagName = TurnTag | 'toolsets' | 'func';

/** A tag that is part of the structure, and where it stands: text.slice(start, end). */
export interface Tag {
  name: TagName;
  close: boolean;
  id: string | undefined;
  start: number;
  end: number;
  /** Whether only blanks stand before it on its line. */
  atLineStart: boolean;
  /** How it was written: `func` is also read from `<tool_call>`, and names in any case. */
  written: string;
}

const TAG_NAMES: ReadonlyMap<string, TagName> = new Map([
  ['toolsets', 'toolsets'],
  ['system', 'system'],
  ['user', 'user'],
  ['assistant', 'assistant'],
  ['tool', 'tool'],
  ['func', 'func'],
  ['tool_call', 'func'],
]);
const LONGEST_NAME = 9;

/** The structural tags of a text from an offset on, in order. Time is linear in the text. */
export function scanTags(text: string, from: number): Tag[] {
  const tags: Tag[] = [];
  for (let at = text.indexOf('<', from); at >= 0; at = text.indexOf('<', at + 1)) {
    const tag = tagAt(text, at);
    if (tag !== undefined) tags.push(tag);
  }
  return tags;
}

/** Whether a tag opens a message. */
export function opensTurn(tag: Tag): boolean {
  return !tag.close && tag.name !== 'func' && tag.name !== 'toolsets';
}

function tagAt(text: string, start: number): Tag | undefined {
  const close = text[start + 1] === '/';
  const nameStart = start + (close ? 2 : 1);
  const nameEnd = endOfName(text, nameStart);
  const written = text.slice(nameStart, nameEnd);
  const name = TAG_NAMES.get(written.toLowerCase());
  if (name === undefined) return undefined;
  const sign = nextAngle(text, nameEnd);
  if (text[sign] !== '>') return undefined;
  const id = /(?:^|\s)id\s?=\s?(?:"([^"]*)"|'([^']*)')/.exec(text.slice(nameEnd, sign));
  const value = id?.[1] ?? id?.[2];
  return {
    name,
    close,
    id: value === undefined ? undefined : unescapeAttribute(value),
    start,
    end: sign + 1,
    atLineStart: isAtLineStart(text, start),
    written,
  };
}

function endOfName(text: string, start: number): number {
  let end = start;
  while (end - start <= LONGEST_NAME && /[\w:.-]/.test(text[end] ?? '')) end += 1;
  return end;
}

/** The next `<` or `>`: a tag ends at the latter, and what meets the former first is no tag. */
function nextAngle(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '<' && text[at] !== '>') at += 1;
  return at;
}

function isAtLineStart(text: string, at: number): boolean {
  let before = at - 1;
  while (text[before] === ' ' || text[before] === '\t') before -= 1;
  return before < 0 || text[before] === '\n';
}
