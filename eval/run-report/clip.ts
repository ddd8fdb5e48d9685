import type { Clipped } from './run-report.ts';

/** The first so many characters of a text, never half of a surrogate pair, and how many are missing. */
export function clip(text: string, most: number): Clipped {
  if (text.length <= most) return { text, cut: 0 };
  const end = isHighSurrogate(text.charCodeAt(most - 1)) ? most - 1 : most;
  return { text: text.slice(0, end), cut: text.length - end };
}

/** So many characters of a text around an offset, with dots where it goes on. */
export function clipAround(text: string, offset: number, most: number): Clipped {
  const start = Math.max(0, Math.min(offset - Math.floor(most / 3), text.length - most));
  if (start === 0) return clip(text, most);
  const from = isHighSurrogate(text.charCodeAt(start - 1)) ? start + 1 : start;
  const { text: part, cut } = clip(text.slice(from), most);
  return { text: `…${part}`, cut: from + cut };
}

/** A text as JSON.stringify and String make it, cut; for values of any type and size. */
export function clipValue(value: unknown, most: number): Clipped {
  return clip(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''), most);
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
