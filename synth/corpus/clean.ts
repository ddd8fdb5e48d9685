/** Above this share of control and replacement characters a text is taken for binary. */
const BINARY_SHARE = 0.1;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNREADABLE = /[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]/g;
/** With the u flag a pair is one character, so that only halves without their partner match. */
const LONE_SURROGATES = /\p{Cs}/gu;

/** Whether a text is no text: it has a NUL, or one character in ten is a control or a replacement character. */
export function isBinary(text: string): boolean {
  if (text.includes('\0')) return true;
  if (text.search(UNREADABLE) === -1) return false;
  return (text.match(UNREADABLE)?.length ?? 0) > text.length * BINARY_SHARE;
}

/**
 * The same content with line ends as \n, without trailing spaces, edge blank lines and control characters
 * other than \n and \t, and with runs of three or more blank lines as one. Unicode is not normalised;
 * half a surrogate pair, which no file can hold, becomes U+FFFD.
 */
export function cleanText(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(LONE_SURROGATES, '\ufffd')
    .replace(CONTROLS, '')
    .replace(/(?<![^\S\n])[^\S\n]+$/gm, '') // the look-behind keeps long runs of spaces from costing their square
    .replace(/\n{4,}/g, '\n\n')
    .replace(/^\n+|\n+$/g, '');
}

/** A text as duplicates are told by: case and whitespace folded. */
export function foldText(text: string): string {
  return text
    .toLowerCase()
    .replace(/ \s+|[^\S ]\s*/g, ' ') // a single space stays where it is, which is twice as fast
    .trim();
}
