import { ngramHashes } from '../../core/text/shingles.ts';
import type { Difference } from './comparison.ts';
import { type Estimates, GROUPS } from './jackknife.ts';
import type { SampledRow } from './row-sample.ts';

/** A row of a set, and the group of passages that it is left out with. */
export interface GroupedRow extends SampledRow {
  group: number;
}

/** A figure of a set of rows. */
export interface SetMeasure extends Pick<Difference, 'name' | 'title' | 'unit' | 'better'> {
  /** What every row must have: what its passage is about, or an embedding. */
  needs?: 'tags' | 'vector';
  estimates: (rows: readonly GroupedRow[], most: { words: number }) => Estimates;
}

/** How various a set of rows is. `words`: as many of each set are looked at, since more words repeat themselves more. */
export const SET_MEASURES: SetMeasure[] = [
  distinct(2),
  distinct(3),
  {
    name: 'tool_entropy',
    title: 'entropy of the names of called tools, bits',
    unit: 'number',
    better: 'higher',
    estimates: (rows) => entropy(rows, ({ called }) => called),
  },
  {
    name: 'tools_called',
    title: 'different tools called',
    unit: 'number',
    better: 'higher',
    estimates: (rows) => cover(rows, ({ called }) => called),
  },
  {
    name: 'domain_entropy',
    needs: 'tags',
    title: 'entropy of the domains, bits',
    unit: 'number',
    better: 'higher',
    estimates: (rows) => entropy(rows, ({ domains }) => domains),
  },
  {
    name: 'domains',
    needs: 'tags',
    title: 'domains with a row, of 26',
    unit: 'number',
    better: 'higher',
    estimates: (rows) => cover(rows, ({ domains }) => domains),
  },
  {
    name: 'tasks',
    needs: 'tags',
    title: 'task categories with a row, of 38',
    unit: 'number',
    better: 'higher',
    estimates: (rows) => cover(rows, ({ task }) => (task === null ? [] : [task])),
  },
];

/** One less the mean cosine of all pairs of rows: 0 where all say the same. */
export const EMBEDDING_SPREAD: SetMeasure = {
  name: 'embedding_spread',
  needs: 'vector',
  title: 'embedding spread (1 less the mean cosine of two rows)',
  unit: 'number',
  better: 'higher',
  estimates: spread,
};

/** Words of a set that are looked at, at most. */
export const MOST_SET_WORDS = 1_000_000;

function distinct(n: number): SetMeasure {
  return {
    name: `distinct_${n}`,
    title: `different runs of ${n} words, of all of as many words`,
    unit: 'share',
    better: 'higher',
    estimates: (rows, { words: most }) => {
      const counts = new GroupCounts();
      let left = most;
      for (const { words, group } of rows) {
        const taken = words.slice(0, left);
        left -= taken.length;
        for (const hash of ngramHashes(taken, n)) counts.add(hash, group);
      }
      return counts.estimates(({ different, all }) => (all === 0 ? 0 : different / all));
    },
  };
}

function cover(rows: readonly GroupedRow[], namesOf: (row: GroupedRow) => string[]): Estimates {
  const counts = new GroupCounts();
  for (const row of rows) for (const name of namesOf(row)) counts.add(name, row.group);
  return counts.estimates(({ different }) => different);
}

/** How many different things there are, and how many in all, with and without each group, in one reading. */
class GroupCounts {
  /** The only group that has a thing; -1 where several have. */
  readonly #owners = new Map<string | number, number>();
  readonly #all = new Float64Array(GROUPS);

  add(thing: string | number, group: number): void {
    this.#all[group] = (this.#all[group] ?? 0) + 1;
    const owner = this.#owners.get(thing);
    if (owner === undefined) this.#owners.set(thing, group);
    else if (owner !== group && owner !== -1) this.#owners.set(thing, -1);
  }

  estimates(figure: (counts: { different: number; all: number }) => number): Estimates {
    const own = new Float64Array(GROUPS);
    for (const owner of this.#owners.values()) if (owner >= 0) own[owner] = (own[owner] ?? 0) + 1;
    const all = this.#all.reduce((sum, count) => sum + count, 0);
    const different = this.#owners.size;
    return {
      whole: figure({ different, all }),
      without: Array.from(own, (only, group) =>
        figure({ different: different - only, all: all - (this.#all[group] ?? 0) }),
      ),
    };
  }
}

function entropy(rows: readonly GroupedRow[], namesOf: (row: GroupedRow) => string[]): Estimates {
  const counts = new Map<string, Float64Array>();
  for (const row of rows) {
    for (const name of namesOf(row)) {
      const groups = counts.get(name) ?? new Float64Array(GROUPS);
      groups[row.group] = (groups[row.group] ?? 0) + 1;
      counts.set(name, groups);
    }
  }
  const list = [...counts.values()].map((groups) => ({
    groups,
    total: groups.reduce((sum, count) => sum + count, 0),
  }));
  return {
    whole: bits(list.map(({ total }) => total)),
    without: Array.from({ length: GROUPS }, (_, group) =>
      bits(list.map(({ groups, total }) => total - (groups[group] ?? 0))),
    ),
  };
}

function bits(counts: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.reduce((sum, count) => {
    const share = total === 0 ? 0 : count / total;
    return share === 0 ? sum : sum - share * Math.log2(share);
  }, 0);
}

/** The sum of the products of all pairs is that of the vectors' sum with itself, less each vector's with itself. */
function spread(rows: readonly GroupedRow[]): Estimates {
  const size = rows[0]?.vector?.length ?? 0;
  const sums = Array.from({ length: GROUPS }, () => new Float64Array(size));
  const counts = new Float64Array(GROUPS);
  for (const { vector, group } of rows) {
    counts[group] = (counts[group] ?? 0) + 1;
    for (const [place, value] of (vector ?? []).entries()) {
      const sum = sums[group];
      if (sum !== undefined) sum[place] = (sum[place] ?? 0) + value;
    }
  }
  const without = (left: number) => {
    const total = new Float64Array(size);
    let count = 0;
    for (const [group, sum] of sums.entries()) {
      if (group === left) continue;
      count += counts[group] ?? 0;
      for (const [place, value] of sum.entries()) total[place] = (total[place] ?? 0) + value;
    }
    const product = total.reduce((sum, value) => sum + value * value, 0);
    return count < 2 ? 0 : 1 - (product - count) / (count * (count - 1));
  };
  return { whole: without(-1), without: Array.from(sums, (_, group) => without(group)) };
}
