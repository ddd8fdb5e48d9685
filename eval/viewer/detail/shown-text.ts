import { type JsonLayout, layoutJson } from './json-layout.ts';
import { cutPieces, type Piece, type Span } from './pieces.ts';

/** A text as the page shows it: at first its beginning, JSON laid out. */
export interface ShownText {
  pieces: Piece[];
  is_json: boolean;
  /** Characters of the whole. */
  length: number;
  /** Where the rest begins; null where all of it is there. */
  rest: number | null;
}

/** Characters that a text is cut to at first. */
const MOST_SHOWN = 20_000;

/** A place in the value at a path of a text's JSON; without offsets the value as a whole. */
export interface ValueSpan extends Omit<Span, 'start' | 'end'> {
  path: string;
  within?: { start: number; end: number };
}

/**
 * A text with what is told of it.
 * @param spans places in the text as it is
 * @param valueSpans places in the values of its JSON; where it is not laid out, the text has no marks for them
 */
export function shownText(
  text: string,
  spans: readonly Span[],
  valueSpans: readonly ValueSpan[],
): ShownText {
  const layout = layoutJson(text);
  if (layout !== undefined) {
    const placed = valueSpans.flatMap((span) => placedSpan(span, layout));
    const pieces = cutPieces(layout.text, placed);
    return { pieces, is_json: true, length: text.length, rest: null };
  }
  const end = cutAt(text, MOST_SHOWN);
  const pieces = cutPieces(text.slice(0, end), spans);
  return { pieces, is_json: false, length: text.length, rest: end < text.length ? end : null };
}

/** Never in the middle of a pair. */
export function cutAt(text: string, most: number): number {
  if (text.length <= most) return text.length;
  const last = text.charCodeAt(most - 1);
  return last >= 0xd800 && last < 0xdc00 ? most - 1 : most;
}

function placedSpan({ path, within, ...marks }: ValueSpan, layout: JsonLayout): Span[] {
  const value = layout.values.find((one) => one.path === path);
  if (value === undefined) return [];
  const whole = { ...marks, start: value.start, end: value.end };
  const shown = layout.text.slice(value.start, value.end);
  // Offsets are those of the value: they hold in the text where nothing is escaped.
  if (within === undefined || !shown.startsWith('"') || shown.includes('\\')) return [whole];
  const start = value.start + 1 + within.start;
  return [{ ...marks, start, end: Math.min(start + within.end - within.start, value.end - 1) }];
}
