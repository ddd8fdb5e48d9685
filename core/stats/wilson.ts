/** A share of a sample with the interval that holds the true one in 95 of 100 cases. */
export interface Share {
  part: number;
  whole: number;
  /** 0 to 1; NaN of nothing. */
  share: number;
  low: number;
  high: number;
}

const Z = 1.959964;

/** Wilson's score interval of `part` in `whole` (Wilson 1927), which also holds near 0 and 1. */
export function wilson(part: number, whole: number): Share {
  const share = part / whole;
  if (whole === 0) return { part, whole, share, low: 0, high: 1 };
  const spread = Z * Math.sqrt((share * (1 - share)) / whole + (Z / whole / 2) ** 2);
  const middle = share + Z ** 2 / whole / 2;
  const scale = 1 + Z ** 2 / whole;
  return {
    part,
    whole,
    share,
    low: part === 0 ? 0 : (middle - spread) / scale,
    high: part === whole ? 1 : (middle + spread) / scale,
  };
}
