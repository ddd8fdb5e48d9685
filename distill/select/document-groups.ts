import { SimilarityIndex } from '../../core/text/similarity-index.ts';
import type { DistillRules } from '../rules.ts';
import { type RowMeasure, signatureOf } from './measure.ts';

/**
 * The documents of rows, those together whose passages are near (splits.passage_jaccard), also by way of a third:
 * what may not be torn apart by a split. Documents and groups in the order in which they first come.
 */
export function groupDocuments(
  rows: readonly Pick<RowMeasure, 'document' | 'passage' | 'slab' | 'place'>[],
  { splits, duplicates }: DistillRules,
): string[][] {
  const leaders = new Leaders();
  const { passage_jaccard: threshold } = splits;
  const { permutations } = duplicates;
  const index =
    threshold === null
      ? null
      : new SimilarityIndex({
          permutations,
          threshold,
          capacity: rows.length,
          signatureOf: (item) => signatureOf(rows[item], 'passage'),
        });
  const passages = new Set<string>();
  for (const [item, row] of rows.entries()) {
    const { document, passage } = row;
    leaders.add(document);
    if (index === null || passages.has(passage)) continue;
    passages.add(passage);
    const near = index.near(signatureOf(row, 'passage'));
    for (const { item: other } of near) leaders.join(rows[other]?.document ?? document, document);
    // What is the same as a passage of the index is found through that one.
    if (near[0]?.similarity !== 1) index.add(item);
  }
  return leaders.groups();
}

/** Disjoint sets of documents (union-find). */
class Leaders {
  readonly #leader = new Map<string, string>();

  add(document: string): void {
    if (!this.#leader.has(document)) this.#leader.set(document, document);
  }

  join(a: string, b: string): void {
    this.#leader.set(this.#find(b), this.#find(a));
  }

  groups(): string[][] {
    const groups = new Map<string, string[]>();
    for (const document of this.#leader.keys()) {
      const leader = this.#find(document);
      const group = groups.get(leader);
      if (group === undefined) groups.set(leader, [document]);
      else group.push(document);
    }
    return [...groups.values()];
  }

  #find(document: string): string {
    let leader = document;
    for (let next = this.#leader.get(leader); next !== undefined && next !== leader; ) {
      leader = next;
      next = this.#leader.get(leader);
    }
    this.#leader.set(document, leader);
    return leader;
  }
}
