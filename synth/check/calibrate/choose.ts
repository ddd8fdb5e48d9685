import type { Random } from '../../offline/seed.ts';

/** What a function makes of one of the candidates, each equally likely; null where there is none. */
export function choose<T, Result>(
  candidates: readonly T[],
  random: Random,
  make: (one: T) => Result | null,
): Result | null {
  return candidates.length === 0 ? null : make(random.pick(candidates));
}

/** Another value of the same look: digits for digits, letters for letters. */
export function lookalike(text: string, random: Random): string {
  return text.replace(/[A-Za-z0-9]/g, (sign) => {
    if (/\d/.test(sign)) return String(random.int(0, 9));
    const first = /[a-z]/.test(sign) ? 97 : 65;
    return String.fromCharCode(first + random.int(0, 25));
  });
}

/** A value that a text does not hold, made by trying; null after twenty tries. */
export function unheard<T>(said: string, make: () => T): T | null {
  for (let tries = 0; tries < 20; tries += 1) {
    const value = make();
    if (!said.includes(String(value).toLowerCase())) return value;
  }
  return null;
}
