/** A thing and the text by which it is sorted. */
export interface Ranked {
  rank: string;
}

/** Puts a candidate among the first so many by rank, in place; false where it comes behind them. */
export function keepFirst<T extends Ranked>(kept: T[], candidate: T, size: number): boolean {
  if (!isAmongFirst(kept, candidate.rank, size)) return false;
  const at = kept.findIndex(({ rank }) => rank > candidate.rank);
  kept.splice(at === -1 ? kept.length : at, 0, candidate);
  if (kept.length > size) kept.pop();
  return true;
}

/** Whether a candidate of that rank would be kept. */
export function isAmongFirst(kept: readonly Ranked[], rank: string, size: number): boolean {
  const last = kept.at(-1);
  return size > 0 && (kept.length < size || last === undefined || rank < last.rank);
}
