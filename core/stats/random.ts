import { sha256 } from '../hash.ts';

/** A seeded source of numbers from 0 up to 1: the same seed gives the same numbers everywhere (sfc32, Doty-Humphrey). */
export function randomSource(seed: string): () => number {
  const digits = sha256(seed);
  let [a, b, c, counter] = [0, 8, 16, 24].map((at) => word(digits, at)) as State;
  return () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
}

/** Four numbers are made of four offsets; map forgets how many. */
type State = [number, number, number, number];

function word(digits: string, at: number): number {
  return Number.parseInt(digits.slice(at, at + 8), 16) | 0;
}
