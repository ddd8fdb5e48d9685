import { runWithin } from './time-limit.ts';

/** What a pattern may cost in one validation when it cannot be told to be harmless, in milliseconds. */
const PATTERN_MS = 100;
const MAX_PATTERN = 1000;
const MAX_PLAIN_TEXT = 512;

/** The pattern as a regular expression, or what is wrong with it. */
export function readPattern(pattern: string): RegExp | string {
  if (pattern.length > MAX_PATTERN) return `is longer than ${MAX_PATTERN} characters`;
  try {
    return new RegExp(pattern, 'u');
  } catch {
    // The unicode flag forbids needless escapes such as `\-`, which writers of schemas love.
  }
  try {
    return new RegExp(pattern);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Tests texts against the patterns of one schema; a pattern that takes too long is given up and named. */
export class PatternWatch {
  /** The patterns given up in this validation. */
  readonly givenUp = new Set<string>();
  readonly #spent = new Map<string, number>();

  /** Forgets what earlier validations cost. */
  reset(): void {
    if (this.#spent.size > 0) this.#spent.clear();
    if (this.givenUp.size > 0) this.givenUp.clear();
  }

  /** The pattern as ajv wants it. Throws a SyntaxError where readPattern says what is wrong. */
  compile(pattern: string): { test: (text: string) => boolean; toString: () => string } {
    const regex = readPattern(pattern);
    if (typeof regex === 'string') throw new SyntaxError(regex);
    const plain = isPlain(pattern);
    return {
      test: (text) => {
        if (plain && text.length <= MAX_PLAIN_TEXT) return regex.test(text);
        return this.#testWithin(pattern, regex, text);
      },
      // ajv tells patterns apart by their text.
      toString: () => `pattern ${pattern}`,
    };
  }

  /** Gives true where the pattern was given up: that is reported apart. */
  #testWithin(pattern: string, regex: RegExp, text: string): boolean {
    if (this.givenUp.has(pattern)) return true;
    const spent = this.#spent.get(pattern) ?? 0;
    const start = performance.now();
    const result = runWithin(PATTERN_MS, () => regex.test(text));
    this.#spent.set(pattern, spent + performance.now() - start);
    if (result !== 'stopped' && spent <= PATTERN_MS) return result.value;
    this.givenUp.add(pattern);
    return true;
  }
}

/**
 * Whether a pattern is surely cheap on a short text: no repeated group with a choice in it, and few
 * ways to match in all (the ranges and choices multiplied, open repeats counted as 64 ways).
 */
function isPlain(pattern: string): boolean {
  if (/\\[\dk]|\(\?[=!<]/.test(pattern)) return false;
  const bare = pattern
    .replace(/\\./gsu, 'x')
    .replace(/\[[^\]]*\]/gu, 'x')
    .replaceAll('(?:', '(');
  let ways = 1;
  for (const [quantifier, low, high] of bare.matchAll(/[*+?|]|\{(\d*),(\d*)\}/g)) {
    const open = quantifier === '*' || quantifier === '+' || high === '';
    if (open) ways *= 64;
    else ways *= high === undefined ? 2 : Math.max(1, Number(high) - Number(low) + 1);
  }
  return ways === 1 || (ways <= 500_000 && !/\)[*+{]/.test(bare));
}
