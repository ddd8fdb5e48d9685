/**
 * The words of a text: lower case, compatibility forms folded (NFKC), without punctuation. A word is a run of
 * letters, marks and digits, with an apostrophe inside it; each Chinese, Japanese or Thai character of a script
 * that is written without spaces is a word of its own.
 */
export function wordsOf(text: string): string[] {
  const folded = text.normalize('NFKC').toLowerCase().replaceAll('’', "'");
  return folded.match(WORD) ?? [];
}

/**
 * Hashes of all runs of `n` words, in the text's order: entry i stands for words i to i + n - 1. Each is a whole
 * number below 2^53, evenly spread, the same on every machine. A text of fewer than `n` words has none; give
 * `Math.min(n, words.length)` where a short text must have one. Time does not depend on `n` (a rolling hash).
 * @throws RangeError when n is not a whole number of at least 1
 */
export function ngramHashes(words: readonly string[], n: number): Float64Array {
  if (!Number.isInteger(n) || n < 1) throw new RangeError(`a run of ${n} words cannot be hashed`);
  const hashes = new Float64Array(Math.max(0, words.length - n + 1));
  const { high, low } = hashWords(words);
  const highOut = power(HIGH_BASE, n);
  const lowOut = power(LOW_BASE, n);
  let a = 0;
  let b = 0;
  for (let index = 0; index < words.length; index += 1) {
    a = (Math.imul(a, HIGH_BASE) + at(high, index) - Math.imul(highOut, at(high, index - n))) | 0;
    b = (Math.imul(b, LOW_BASE) + at(low, index) - Math.imul(lowOut, at(low, index - n))) | 0;
    const start = index - n + 1;
    if (start >= 0) hashes[start] = (finish(a) >>> 11) * 2 ** 32 + (finish(b) >>> 0);
  }
  return hashes;
}

// Scripts that put no space between words, and everything else that is written in words.
const ALONE = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}';
const PART = `(?:(?![${ALONE}])[\\p{L}\\p{M}\\p{N}])`;
const WORD = new RegExp(`[${ALONE}]|${PART}+(?:'${PART}+)*`, 'gu');

// Odd bases, so that no word's share of a hash is shifted out.
const HIGH_BASE = 0x2c1b3c6d;
const LOW_BASE = 0x297a2d39;

/** Two independent 32-bit hashes of every word (FNV-1a's scheme with two primes, then mixed). */
function hashWords(words: readonly string[]): { high: Int32Array; low: Int32Array } {
  const high = new Int32Array(words.length);
  const low = new Int32Array(words.length);
  for (const [index, word] of words.entries()) {
    let a = 0x9747b28c;
    let b = 0x811c9dc5;
    for (let position = 0; position < word.length; position += 1) {
      const unit = word.charCodeAt(position);
      a = Math.imul(a ^ unit, 0x5bd1e995);
      a ^= a >>> 15;
      b = Math.imul(b ^ unit, 0x01000193);
    }
    high[index] = finish(a ^ word.length);
    low[index] = finish(b);
  }
  return { high, low };
}

/** Spreads a change of any bit over all 32 (the finalizer of MurmurHash3). */
function finish(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

function power(base: number, exponent: number): number {
  let value = 1;
  for (let count = 0; count < exponent; count += 1) value = Math.imul(value, base);
  return value;
}

/** Words before the first count as nothing. */
function at(hashes: Int32Array, index: number): number {
  return index < 0 ? 0 : (hashes[index] ?? 0);
}
