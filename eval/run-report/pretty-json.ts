import { hasRoundedNumber, jsonOrUndefined } from '../../core/formats/arguments.ts';

const DEEPEST = 24;

/**
 * JSON with a line a member; undefined for what is no object or list in JSON, for numbers that reading would
 * round, and for nesting so deep that its indentation alone would fill the page.
 */
export function prettyJson(text: string): string | undefined {
  if (!/^\s*[[{]/.test(text) || depthOf(text) > DEEPEST || hasRoundedNumber(text)) return undefined;
  const value = jsonOrUndefined(text);
  return value === undefined ? undefined : JSON.stringify(value, null, 2);
}

/** At most how deep a text nests brackets; those inside of strings count too, which does no harm. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
