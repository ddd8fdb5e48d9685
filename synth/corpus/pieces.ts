/** How many tokens a text has; of two texts joined by a break at most their sum and one. */
export type TokenCount = (text: string) => number;

/** A run of a text, [start, end) in UTF-16 units, that is kept in one passage where it fits. */
export interface Piece {
  kind: 'list' | 'block' | 'line' | 'sentence' | 'half';
  start: number;
  end: number;
  tokens: number;
  /** A heading or the lead-in of a list: no passage should end with it. */
  sticky: boolean;
}

const HEADING_CHARACTERS = 80;
const LIST_ITEM = /^\s*(?:\d{1,3}[.)]|[a-z][.)]|[-*+•‣]|[Ss]tep \d+\b.?)\s+\S/;
const BLANK_LINES = /\n{2,}/g;
const LINE_END = /\n/g;
/** Not after the number of a list item, an initial or a title, and not before a small letter (e.g. this). */
const SENTENCE_END =
  /(?<=[.!?…]["'”’)\]]{0,3})(?<!^[^\S\n]*\d{1,3}[.)])(?<!\b(?:[A-Z]|Mr|Mrs|Ms|Dr|St|No|Fig)\.)\s+(?![a-z\s])|(?<=[。！？][」』”）]?)(?![」』”）])/gm;

/**
 * The paragraphs of a clean text (clean.ts); neighbouring ones that are items of one list are one piece.
 */
export function findPieces(text: string, count: TokenCount): Piece[] {
  const blocks = cut(text, 0, text.length, BLANK_LINES, 'block', count);
  const pieces: Piece[] = [];
  for (const block of blocks) {
    const last = pieces.at(-1);
    const inList = last !== undefined && isList(text, last);
    if (inList && (isList(text, block) || /^(?: {2}|\t)/.test(slice(text, block)))) {
      const tokens = last.tokens + block.tokens + 1;
      pieces[pieces.length - 1] = { ...last, kind: 'list', end: block.end, tokens };
    } else pieces.push(block);
  }
  return pieces.map((piece, index) => ({
    ...piece,
    sticky: isSticky(text, piece, pieces[index + 1]),
  }));
}

/**
 * A piece cut one level finer: a list into paragraphs, these into lines, sentences, and in the end halves
 * at a space near the middle. Null when nothing is left to cut.
 */
export function refine(text: string, piece: Piece, count: TokenCount): Piece[] | null {
  const levels: [Piece['kind'], RegExp][] = [
    ['block', BLANK_LINES],
    ['line', LINE_END],
    ['sentence', SENTENCE_END],
  ];
  const above = ['list', 'block', 'line'].indexOf(piece.kind);
  for (const [kind, border] of above === -1 ? [] : levels.slice(above)) {
    const finer = cut(text, piece.start, piece.end, border, kind, count);
    if (finer.length > 1) return finer;
  }
  return halves(text, piece, count);
}

/** A piece's or a run's own text. */
export function slice(text: string, { start, end }: { start: number; end: number }): string {
  return text.slice(start, end);
}

function cut(
  text: string,
  start: number,
  end: number,
  border: RegExp,
  kind: Piece['kind'],
  count: TokenCount,
): Piece[] {
  const pieces: Piece[] = [];
  let from = start;
  const add = (to: number) => {
    const own = text.slice(from, to);
    if (own.trim() !== '') {
      pieces.push({ kind, start: from, end: to, tokens: count(own), sticky: false });
    }
  };
  for (const match of text.slice(start, end).matchAll(border)) {
    add(start + match.index);
    from = start + match.index + match[0].length;
  }
  add(end);
  return pieces;
}

function halves(text: string, { start, end }: Piece, count: TokenCount): Piece[] | null {
  if (end - start < 2) return null;
  const border = middle(text, start, end);
  const left = trimmed(text, start, border);
  const right = trimmed(text, border, end);
  if (left.start === left.end || right.start === right.end) return null;
  return [left, right].map((run) => ({
    kind: 'half',
    ...run,
    tokens: count(slice(text, run)),
    sticky: false,
  }));
}

/** The space nearest to the middle, or the middle itself if there is none in the inner half. */
function middle(text: string, start: number, end: number): number {
  const centre = Math.floor((start + end) / 2);
  const reach = Math.floor((end - start) / 4);
  for (let step = 0; step <= reach; step += 1) {
    if (/\s/.test(text.charAt(centre - step))) return centre - step;
    if (/\s/.test(text.charAt(centre + step))) return centre + step;
  }
  const unit = text.charCodeAt(centre);
  return unit >= 0xdc00 && unit < 0xe000 && centre - 1 > start ? centre - 1 : centre;
}

function trimmed(text: string, start: number, end: number): { start: number; end: number } {
  const own = text.slice(start, end);
  const from = start + own.length - own.trimStart().length;
  return { start: from, end: Math.max(from, start + own.trimEnd().length) };
}

function isList(text: string, piece: Piece): boolean {
  return LIST_ITEM.test(slice(text, piece));
}

function isSticky(text: string, piece: Piece, next: Piece | undefined): boolean {
  if (next === undefined || isList(text, piece)) return false;
  return isList(text, next) || isHeading(slice(text, piece));
}

function isHeading(block: string): boolean {
  const [line = '', underline, ...more] = block.split('\n', 3);
  if (more.length > 0) return false;
  if (underline !== undefined) return /^(?:=+|-+)$/.test(underline);
  if (/^ {0,3}#{1,6}\s/.test(line)) return true;
  return line.length <= HEADING_CHARACTERS && /\p{L}/u.test(line) && !/[.!,;…。！，；]$/.test(line);
}
