import { sha256 } from '../../core/hash.ts';

/**
 * The place of a passage in the seeded order in which samples are drawn: a number from 0 up to 1. It hangs on the
 * passage alone, so that samples of two runs hold the same passages as far as they can.
 */
export function rankOf(passage: string, seed: number): number {
  return Number.parseInt(sha256(`compare ${seed} ${passage}`).slice(0, 13), 16) / 2 ** 52;
}
