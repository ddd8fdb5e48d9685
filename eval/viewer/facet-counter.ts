import { FACETS, type Facet } from './index/facets.ts';
import type { RowIndex } from './index/row-index.ts';
import { type Choice, type Counts, MARKED, type Marked } from './index/select.ts';

/** A value of a facet and how many rows it would leave. */
interface FacetValue {
  name: string;
  count: number;
}

export interface FacetCounts {
  name: Facet | 'mark' | 'source';
  /** The chosen ones first, then the commonest. */
  values: FacetValue[];
  /** At least so many values are not among them. */
  more: number;
}

const MOST_VALUES = 40;

/** The values of all facets with their counts over all sources, of which a page shows the commonest. */
export class FacetCounter {
  readonly #chosen: Choice['facets'];
  readonly #parts: { index: RowIndex; counts: Counts['facets'] }[] = [];
  readonly #marked = new Map<Marked, number>(MARKED.map((marked) => [marked, 0]));
  readonly #sources: FacetValue[] = [];

  constructor(chosen: Choice['facets']) {
    this.#chosen = chosen;
  }

  /** Counts a source's rows that the filter leaves, were the sources not part of it. */
  addSource(name: string, count: number): void {
    this.#sources.push({ name, count });
  }

  addCounts(index: RowIndex, { facets, marked }: Counts): void {
    this.#parts.push({ index, counts: facets });
    for (const [name, count] of marked)
      this.#marked.set(name, (this.#marked.get(name) ?? 0) + count);
  }

  /** @param like of tools only the names that hold this text */
  facets(like: string): FacetCounts[] {
    const marked = [...this.#marked].map(([name, count]) => ({ name, count }));
    const sources = { name: 'source' as const, values: this.#sources, more: 0 };
    return [
      ...(this.#sources.length > 1 ? [sources] : []),
      ...FACETS.map((facet) => this.#facet(facet, facet === 'tool' ? like.toLowerCase() : '')),
      { name: 'mark', values: marked, more: 0 },
    ];
  }

  /** What is commonest in each source is summed over all: a name that is rare in each may be missed. */
  #facet(facet: Facet, like: string): FacetCounts {
    const chosen = this.#chosen.get(facet) ?? new Set<string>();
    const names = new Set(chosen);
    let known = 0;
    for (const { index, counts } of this.#parts) {
      const found = commonest(index.columns[facet].names.list, counts[facet], like);
      for (const name of found.names) names.add(name);
      known = Math.max(known, found.known);
    }
    const values = [...names]
      .map((name) => ({ name, count: this.#countOf(facet, name) }))
      .sort((a, b) => rank(b, chosen) - rank(a, chosen) || (a.name < b.name ? -1 : 1))
      .slice(0, Math.max(MOST_VALUES, chosen.size));
    return { name: facet, values, more: Math.max(0, known - values.length) };
  }

  #countOf(facet: Facet, name: string): number {
    return this.#parts.reduce((sum, { index, counts }) => {
      const number = index.columns[facet].names.numberOf(name);
      return sum + (number === undefined ? 0 : (counts[facet][number] ?? 0));
    }, 0);
  }
}

function rank({ name, count }: FacetValue, chosen: ReadonlySet<string>): number {
  return count + (chosen.has(name) ? 2 ** 40 : 0);
}

/** The commonest of very many names, in one pass that keeps few of them; `known` is how many have a row. */
function commonest(
  names: readonly string[],
  counts: Uint32Array,
  like: string,
): { names: string[]; known: number } {
  let kept: number[] = [];
  let least = 0;
  let known = 0;
  const countOf = (number: number): number => counts[number] ?? 0;
  const keepMost = (): void => {
    kept = kept.sort((a, b) => countOf(b) - countOf(a)).slice(0, MOST_VALUES);
    if (kept.length === MOST_VALUES) least = countOf(kept.at(-1) ?? 0);
  };
  for (let number = 0; number < counts.length; number += 1) {
    if (counts[number] === 0) continue;
    if (like !== '' && !names[number]?.toLowerCase().includes(like)) continue;
    known += 1;
    if (countOf(number) <= least) continue;
    kept.push(number);
    if (kept.length > 8 * MOST_VALUES) keepMost();
  }
  keepMost();
  return { names: kept.map((number) => names[number] ?? ''), known };
}
