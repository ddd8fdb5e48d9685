/**
 * Of n trials with c successes: the chance that at least one of k drawn without replacement succeeds (Pass@k; Chen et
 * al. 2021). Null where there are fewer than k trials.
 */
export function passAtK(trials: number, successes: number, k: number): number | null {
  return trials < k ? null : 1 - choices(trials - successes, k) / choices(trials, k);
}

/** The chance that all of k succeed (pass^k; Yao et al. 2024). */
export function passHatK(trials: number, successes: number, k: number): number | null {
  return trials < k ? null : choices(successes, k) / choices(trials, k);
}

function choices(n: number, k: number): number {
  let product = 1;
  for (let taken = 0; taken < k; taken += 1) product *= (n - taken) / (k - taken);
  return product;
}
