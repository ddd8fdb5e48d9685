import { ngramHashes } from '../../core/text/shingles.ts';
import type { SampledRow } from './row-sample.ts';

const ORDERS = [1, 2, 3, 4];
const MOST_REFERENCES = 30;
const MOST_MEASURED = 300;

/** How many rows others are held against, where the smaller of two sets has so many rows. */
export function referencesOf(rows: number): number {
  return Math.min(MOST_REFERENCES, Math.floor(rows / 2));
}

/**
 * Self-BLEU (Zhu et al. 2018, Texygen): how well rows of a set can be put together from the words of other rows, 0 to
 * 1; a set of different conversations has a low one. The first rows serve as references, the next are measured: BLEU of
 * up to four words, counts above one word smoothed by one (Lin and Och 2004).
 * @returns the BLEU of each measured row
 */
export function selfBleu(
  rows: readonly SampledRow[],
  references: number,
): { row: SampledRow; bleu: number }[] {
  if (references === 0) return [];
  const limits = ORDERS.map((order) => highestCounts(rows.slice(0, references), order));
  const lengths = rows.slice(0, references).map(({ words }) => words.length);
  return rows
    .slice(references, references + MOST_MEASURED)
    .filter(({ words }) => words.length > 0)
    .map((row) => ({ row, bleu: bleuOf(row.words, limits, lengths) }));
}

/** How often each run of words stands in the reference that has it most often. */
function highestCounts(rows: readonly SampledRow[], order: number): Map<number, number> {
  const highest = new Map<number, number>();
  for (const { words } of rows) {
    for (const [hash, count] of countsOf(words, order))
      if (count > (highest.get(hash) ?? 0)) highest.set(hash, count);
  }
  return highest;
}

function countsOf(words: readonly string[], order: number): Map<number, number> {
  const counts = new Map<number, number>();
  for (const hash of ngramHashes(words, order)) counts.set(hash, (counts.get(hash) ?? 0) + 1);
  return counts;
}

function bleuOf(
  words: readonly string[],
  limits: readonly Map<number, number>[],
  lengths: readonly number[],
): number {
  const logs = ORDERS.map((order, index) => {
    let matched = 0;
    for (const [hash, count] of countsOf(words, order))
      matched += Math.min(count, limits[index]?.get(hash) ?? 0);
    const all = Math.max(0, words.length - order + 1);
    const smooth = order === 1 ? 0 : 1;
    return Math.log((matched + smooth) / Math.max(1, all + smooth));
  });
  const mean = logs.reduce((sum, log) => sum + log, 0) / ORDERS.length;
  return brevity(words.length, lengths) * Math.exp(mean);
}

/** A short row matches easily: it is held against the reference that is nearest in length. */
function brevity(length: number, lengths: readonly number[]): number {
  const nearest = lengths.reduce((best, one) =>
    Math.abs(one - length) < Math.abs(best - length) ? one : best,
  );
  return length >= nearest ? 1 : Math.exp(1 - nearest / length);
}
