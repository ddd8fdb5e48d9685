/** Words of a text as places in it: runs of letters and runs of digits, in small letters. */
export interface Words {
  words: string[];
  starts: number[];
  ends: number[];
  /** Whether a word follows the one before it without anything between: `136` in HAT136. */
  glued: boolean[];
}

/** Splits a text at everything that is neither letter nor digit, and between letters and digits. Linear. */
export function wordsOf(text: string): Words {
  const lower = lowered(text);
  const found: Words = { words: [], starts: [], ends: [], glued: [] };
  let end = -1;
  for (let at = 0; at < lower.length; ) {
    const kind = kindOf(lower.charCodeAt(at));
    if (kind === OTHER) {
      at += 1;
      continue;
    }
    const start = at;
    while (at < lower.length && kindOf(lower.charCodeAt(at)) === kind) at += 1;
    found.words.push(lower.slice(start, at));
    found.starts.push(start);
    found.ends.push(at);
    found.glued.push(start === end);
    end = at;
  }
  return found;
}

/** Small letters at the same offsets: a few letters change their length otherwise. */
function lowered(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

const OTHER = 0;
const LETTER = 1;
const DIGIT = 2;

function kindOf(code: number): number {
  if (code < 0x80) {
    if (code >= 0x30 && code <= 0x39) return DIGIT;
    return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) ? LETTER : OTHER;
  }
  // Punctuation and spaces of Latin-1, general punctuation, CJK punctuation, currency and arrows.
  if (code < 0xc0 || (code >= 0x2000 && code <= 0x2bff)) return OTHER;
  return (code >= 0x3000 && code <= 0x303f) || code === 0xfeff || code >= 0xff00 ? OTHER : LETTER;
}
