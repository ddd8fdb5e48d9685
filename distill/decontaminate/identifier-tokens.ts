import { normalIdentifier } from './identifier-shape.ts';

/**
 * The words of a text that could be identifiers, in the form in which they are compared: with a digit, four
 * characters at least.
 */
export function identifierTokens(text: string): string[] {
  const tokens: string[] = [];
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < ZERO || code > NINE) continue;
    let start = index;
    while (start > 0 && isPart(text, start - 1)) start -= 1;
    while (index < text.length && isPart(text, index)) index += 1;
    if (index - start < SHORTEST) continue;
    const token = normalIdentifier(text.slice(start, index));
    if (token.length >= SHORTEST) tokens.push(token);
  }
  return tokens;
}

const SHORTEST = 4;
const [ZERO, NINE] = [48, 57];

/** Which of the first 128 characters an identifier is made of. */
const PARTS = Uint8Array.from({ length: 128 }, (_, code) =>
  /[A-Za-z0-9_@.+-]/.test(String.fromCharCode(code)) ? 1 : 0,
);

function isPart(text: string, index: number): boolean {
  return PARTS[text.charCodeAt(index)] === 1;
}
