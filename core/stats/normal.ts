/** The share of a standard normal distribution below z (Abramowitz and Stegun 26.2.17), right to 1e-7. */
export function normalBelow(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  const tail =
    density *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return z > 0 ? 1 - tail : tail;
}

/** The normal quantiles of 97.5% and 80%. */
export const Z_975 = 1.959964;
export const Z_80 = 0.841621;

/**
 * The 97.5% quantile of Student's t with so many degrees of freedom, by its expansion around the normal one
 * (Abramowitz and Stegun 26.7.5); right to 0.01 from 4 degrees on.
 */
export function t975(degrees: number): number {
  const z = Z_975;
  const [z3, z5, z7] = [z ** 3, z ** 5, z ** 7];
  return (
    z +
    (z3 + z) / (4 * degrees) +
    (5 * z5 + 16 * z3 + 3 * z) / (96 * degrees ** 2) +
    (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * degrees ** 3)
  );
}
