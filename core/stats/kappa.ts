import { Z_975 } from './normal.ts';
import { type Share, wilson } from './wilson.ts';

/** How often two raters said yes and no to the same things. */
export interface Ratings {
  bothYes: number;
  bothNo: number;
  /** The first rater said yes, the second no. */
  onlyFirst: number;
  onlySecond: number;
}

/** How far two raters agree, and how far beyond chance. */
export interface Agreement {
  ratings: Ratings;
  n: number;
  /** Of all things those on which both said the same. */
  agreement: Share;
  /** 1 is agreement throughout, 0 what chance gives; null where chance alone would agree on everything. */
  kappa: number | null;
  /** The 95% interval of kappa, from -1 to 1; null where there is no kappa. */
  low: number | null;
  high: number | null;
}

/**
 * Cohen's kappa of two raters (Cohen 1960) with the large-sample interval of Fleiss, Cohen and Everitt (1969).
 * A rater that always says the same leaves kappa without meaning: it is null where both do so alike.
 */
export function cohenKappa(ratings: Ratings): Agreement {
  const { bothYes, bothNo, onlyFirst, onlySecond } = ratings;
  const n = bothYes + bothNo + onlyFirst + onlySecond;
  const base = { ratings, n, agreement: wilson(bothYes + bothNo, n) };
  const [firstYes, secondYes] = [(bothYes + onlyFirst) / n, (bothYes + onlySecond) / n];
  const chance = firstYes * secondYes + (1 - firstYes) * (1 - secondYes);
  if (n === 0 || chance >= 1) return { ...base, kappa: null, low: null, high: null };
  const kappa = ((bothYes + bothNo) / n - chance) / (1 - chance);
  const spread = Z_975 * standardError(ratings, n, { firstYes, secondYes, chance, kappa });
  return {
    ...base,
    kappa,
    low: Math.max(-1, kappa - spread),
    high: Math.min(1, kappa + spread),
  };
}

interface Margins {
  firstYes: number;
  secondYes: number;
  chance: number;
  kappa: number;
}

/** The formula's three terms: cells of agreement, cells of disagreement, and what both have by chance. */
function standardError(
  { bothYes, bothNo, onlyFirst, onlySecond }: Ratings,
  n: number,
  { firstYes, secondYes, chance, kappa }: Margins,
): number {
  const keep = 1 - kappa;
  const agreeing = (cell: number, margins: number) => (cell / n) * (1 - margins * keep) ** 2;
  const same = agreeing(bothYes, firstYes + secondYes) + agreeing(bothNo, 2 - firstYes - secondYes);
  const differing =
    keep ** 2 *
    ((onlyFirst / n) * (secondYes + 1 - firstYes) ** 2 +
      (onlySecond / n) * (1 - secondYes + firstYes) ** 2);
  const byChance = (kappa - chance * keep) ** 2;
  return Math.sqrt(Math.max(0, same + differing - byChance) / n) / (1 - chance);
}
