/** How many rows may be accepted, by one run or by several together. */
export interface RowTarget {
  /** How many runs share it. */
  readonly sharers: number;
  /** How many of so many new rows may be accepted now. @param accepted by this run so far */
  allow(accepted: number, rows: number): Promise<number>;
  /** Tells the others how many this run has accepted. */
  tell(accepted: number): Promise<void>;
  /** How many more may be accepted by all of them, as far as this run knows; infinite without a target. */
  room(accepted: number): number;
}

/** A run's own target; null: there is none. */
export function ownTarget(target: number | null): RowTarget {
  const room = (accepted: number) =>
    target === null ? Number.POSITIVE_INFINITY : Math.max(0, target - accepted);
  return {
    sharers: 1,
    room,
    allow: async (accepted, rows) => Math.min(rows, room(accepted)),
    tell: async () => {},
  };
}
