import { visible } from '../../run-report/markup.ts';

/** A part of a text that something is told of. */
export interface Span {
  start: number;
  end: number;
  /** A finding that points at it. */
  finding?: number;
  /** A grounding whose argument it is. */
  argument?: number;
  /** A grounding whose value was said here. */
  source?: number;
  /** A constraint whose quote it is. */
  quote?: number;
}

/** A stretch of a text and all that is told of it; the numbers are those of the row's lists. */
export interface Piece {
  text: string;
  findings?: number[];
  arguments?: number[];
  sources?: number[];
  quotes?: number[];
}

/**
 * A text cut where spans begin and end, in one order; put together the pieces are the text. What would act unseen in
 * a text (controls, marks of direction) is shown instead.
 */
export function cutPieces(text: string, spans: readonly Span[]): Piece[] {
  const inside = spans
    .map((span) => ({ ...span, end: Math.min(span.end, text.length) }))
    .filter(({ start, end }) => start >= 0 && start < end);
  const cuts = new Set([0, text.length]);
  for (const { start, end } of inside) {
    cuts.add(start);
    cuts.add(end);
  }
  const places = [...cuts].sort((a, b) => a - b);
  return places.slice(0, -1).map((start, index) => {
    const end = places[index + 1] ?? text.length;
    const over = inside.filter((span) => span.start <= start && span.end >= end);
    return { text: visible(text.slice(start, end)), ...marksOf(over) };
  });
}

function marksOf(spans: readonly Span[]): Omit<Piece, 'text'> {
  const lists = {
    findings: numbers(spans.map(({ finding }) => finding)),
    arguments: numbers(spans.map(({ argument }) => argument)),
    sources: numbers(spans.map(({ source }) => source)),
    quotes: numbers(spans.map(({ quote }) => quote)),
  };
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));
}

function numbers(values: readonly (number | undefined)[]): number[] {
  return [...new Set(values.filter((value) => value !== undefined))];
}
