import { findPieces, type Piece, refine, slice, type TokenCount } from './pieces.ts';

/** A longer run of headings is a table or a poem. */
const MOST_HEADINGS = 3;
/** A shorter half of a sentence is not cut again only to fill a part. */
const LEAST_TO_HALVE = 16;

export interface SplitLimits {
  minTokens: number;
  maxTokens: number;
  count: TokenCount;
}

/** The parts in their order, verbatim, and how many runs were left out because they fit nowhere and are too short. */
export interface SplitText {
  parts: string[];
  tooShort: number;
}

/**
 * Cuts a clean text (clean.ts) into parts of minTokens to maxTokens: at paragraph borders; inside a paragraph
 * only when it does not fit, then at line, sentence and word borders. Headings stay with what follows, lists
 * with their lead-in where both fit. A last part that is too short joins the one before it, or takes from it.
 * The same text and limits give the same parts.
 */
export function splitText(text: string, limits: SplitLimits): SplitText {
  const stack = findPieces(text, limits.count).reverse();
  const parts: Piece[][] = [];
  while (stack.length > 0) parts.push(takePart(text, stack, limits, limits.maxTokens));
  const texts = mendLast(text, parts, limits).map((part) => textOf(text, part));
  const long = texts.filter((part) => limits.count(part) >= limits.minTokens);
  return { parts: long, tooShort: texts.length - long.length };
}

/** Takes pieces off the stack (its end is the text's next piece) for one part of at most `limit` tokens. */
function takePart(text: string, stack: Piece[], limits: SplitLimits, limit: number): Piece[] {
  const part: Piece[] = [];
  let tokens = 0;
  for (let piece = stack.pop(); piece !== undefined; piece = stack.pop()) {
    const joined = tokens + piece.tokens + (part.length === 0 ? 0 : 1);
    if (joined <= limit) {
      part.push(piece);
      tokens = joined;
      continue;
    }
    const body = part.slice(0, part.length - stickyTail(part));
    const isEnough = body.length > 0 && isLongEnough(text, body, limits);
    const mustCut = piece.tokens > limit;
    if (isEnough && !mustCut) {
      pushBack(stack, [...part.slice(body.length), piece]);
      return body;
    }
    const finer = mustCut || mayFill(piece) ? refine(text, piece, limits.count) : null;
    if (finer === null) return closed(part, piece, stack);
    pushBack(stack, finer);
  }
  return part;
}

/** The part without the piece that cannot be cut; alone in a part it must stay, however long. */
function closed(part: Piece[], piece: Piece, stack: Piece[]): Piece[] {
  if (part.length === 0) return [piece];
  stack.push(piece);
  return part;
}

function mayFill(piece: Piece): boolean {
  return (piece.kind !== 'sentence' && piece.kind !== 'half') || piece.tokens > LEAST_TO_HALVE;
}

function pushBack(stack: Piece[], pieces: readonly Piece[]): void {
  for (const piece of [...pieces].reverse()) stack.push(piece);
}

function stickyTail(part: readonly Piece[]): number {
  const tail = part.length - 1 - part.findLastIndex((piece) => !piece.sticky);
  return tail > MOST_HEADINGS ? 0 : tail;
}

function mendLast(text: string, parts: Piece[][], limits: SplitLimits): Piece[][] {
  const last = parts.at(-1);
  const before = parts.at(-2);
  if (last === undefined || before === undefined || isLongEnough(text, last, limits)) return parts;
  const both = [...before, ...last];
  const total = limits.count(textOf(text, both));
  if (total <= limits.maxTokens) return [...parts.slice(0, -2), both];
  const stack = [...both].reverse();
  // Two tokens of slack: what is counted in pieces is a little more than what is counted whole.
  const first = takePart(text, stack, limits, total - limits.minTokens - 2);
  const rest = stack.reverse();
  const isBetter =
    rest.length > 0 &&
    [first, rest].every((part) => isLongEnough(text, part, limits)) &&
    limits.count(textOf(text, rest)) <= limits.maxTokens;
  return isBetter ? [...parts.slice(0, -2), first, rest] : parts;
}

function isLongEnough(text: string, part: readonly Piece[], limits: SplitLimits): boolean {
  return limits.count(textOf(text, part)) >= limits.minTokens;
}

function textOf(text: string, part: readonly Piece[]): string {
  return slice(text, { start: part[0]?.start ?? 0, end: part.at(-1)?.end ?? 0 });
}
