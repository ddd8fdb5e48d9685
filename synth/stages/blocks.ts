import { RESERVED_TAGS } from '../../core/formats/tagged.ts';

/** JSON for a prompt: our tags inside its strings are written with \u003c, so that no value can close a block. */
export function jsonForPrompt(value: unknown): string {
  return JSON.stringify(value).replace(RESERVED_IN_JSON, (tag) => `\\u003c${tag.slice(1)}`);
}

/** The trimmed texts of all blocks of a name, in order; tags may be in any case. A block without an end is left out. */
export function readBlocks(text: string, name: string): string[] {
  const lower = lowerAscii(text);
  const [open, close] = [`<${name}>`, `</${name}>`];
  const found: string[] = [];
  for (let at = lower.indexOf(open); at !== -1; at = lower.indexOf(open, at)) {
    const end = lower.indexOf(close, at);
    if (end === -1) break;
    found.push(text.slice(at + open.length, end).trim());
    at = end + close.length;
  }
  return found;
}

/** Lower case that keeps every place: toLowerCase lengthens some letters, such as a capital I with a dot. */
function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** The text of the only or last block of a name: a model that corrects itself means its last word. */
export function readBlock(text: string, name: string): string | undefined {
  return readBlocks(text, name).at(-1);
}

const RESERVED_IN_JSON = new RegExp(`</?(?:${RESERVED_TAGS.join('|')})(?=[\\s>/])`, 'gi');
