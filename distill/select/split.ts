import { sha256 } from '../../core/hash.ts';
import type { Split } from '../dataset-row.ts';

export interface SplitOptions {
  /** The share of documents for validation, from 0 to below 1. */
  validation: number;
  seed: number;
}

/**
 * The side of one document, by a hash of its id: about `validation` of all documents are for validation. It depends
 * on nothing else, so a document never changes sides when data grows.
 */
export function splitOf(document: string, options: SplitOptions): 'train' | 'validation' {
  return hashShare('validation', document, options.seed) < options.validation
    ? 'validation'
    : 'train';
}

/**
 * The split of every document. Groups stay whole (document-groups.ts). The test split takes whole groups, those with
 * the smallest hash of a second kind, as long as they fit, until it has `test` documents; of the rest a group is for
 * validation when one of its documents is. When data grows a document leaves the test split only for one of a
 * smaller hash, and moves from train to validation only when a near one joins it there.
 */
export function splitDocuments(
  groups: readonly (readonly string[])[],
  { test, ...options }: SplitOptions & { test: number },
): Map<string, Split> {
  const splits = new Map<string, Split>();
  const forTest = testGroups(groups, test, options.seed);
  for (const group of groups) {
    const isValidation = group.some((document) => splitOf(document, options) === 'validation');
    const split = forTest.has(group) ? 'test' : isValidation ? 'validation' : 'train';
    for (const document of group) splits.set(document, split);
  }
  return splits;
}

function testGroups(
  groups: readonly (readonly string[])[],
  test: number,
  seed: number,
): Set<readonly string[]> {
  const chosen = new Set<readonly string[]>();
  if (test === 0) return chosen;
  const ranked = groups
    .map((group) => ({
      group,
      rank: group.reduce((least, one) => Math.min(least, hashShare('test', one, seed)), 1),
    }))
    .sort((a, b) => a.rank - b.rank);
  let documents = 0;
  for (const { group } of ranked) {
    if (documents + group.length > test) continue;
    chosen.add(group);
    documents += group.length;
    if (documents === test) break;
  }
  return chosen;
}

/** An even number from 0 to below 1 for a document. */
function hashShare(purpose: string, document: string, seed: number): number {
  return Number.parseInt(sha256(`${purpose} ${seed} ${document}`).slice(0, 13), 16) / 2 ** 52;
}
