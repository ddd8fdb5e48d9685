import { SimilarityIndex } from '../../core/text/similarity-index.ts';
import type { DistillRules } from '../rules.ts';
import type { Drop, DropCode } from './decision.ts';
import { type RowMeasure, signatureOf } from './measure.ts';

/** A cap over a kind of rows; a row counts in each of its groups. */
interface Cap {
  code: DropCode;
  most: number;
  groups: (row: RowMeasure) => readonly string[];
  describe: (group: string) => string;
}

/**
 * The rows that go because their document, tool set, licence or domain has its rows already, by index.
 * @param ranked indexes of rows in the order in which they are taken
 */
export function applyCaps(
  rows: readonly RowMeasure[],
  ranked: readonly number[],
  rules: DistillRules,
): Map<number, Drop> {
  const caps = capsOf(rules, ranked.length).map((cap) => ({
    ...cap,
    counts: new Map<string, number>(),
  }));
  const drops = new Map<number, Drop>();
  for (const index of ranked) {
    const row = rows[index];
    if (row === undefined) continue;
    const places = caps.map((cap) => ({ cap, groups: [...new Set(cap.groups(row))] }));
    const full = places.flatMap(({ cap, groups }) =>
      groups
        .filter((group) => (cap.counts.get(group) ?? 0) >= cap.most)
        .map((group) => ({ cap, group })),
    )[0];
    if (full !== undefined) {
      const { code, most, describe } = full.cap;
      const text = `${describe(full.group)} has its ${most} rows`;
      drops.set(index, { code, text, against: null, value: most });
      continue;
    }
    for (const { cap, groups } of places)
      for (const group of groups) cap.counts.set(group, (cap.counts.get(group) ?? 0) + 1);
  }
  return drops;
}

function capsOf({ caps, duplicates }: DistillRules, rows: number): Cap[] {
  const found: (Omit<Cap, 'most'> & { most: number | null })[] = [
    {
      code: 'cap_source',
      most: caps.per_source,
      groups: ({ document }) => [document],
      describe: (group) => `the document ${group}`,
    },
    {
      code: 'cap_licence',
      most: caps.per_licence,
      groups: ({ licence }) => [licence ?? ''],
      describe: (group) => (group === '' ? 'no licence' : `the licence ${group}`),
    },
    {
      code: 'cap_domain',
      most: caps.per_domain,
      groups: ({ domains }) => domains,
      describe: (group) => `the domain ${group}`,
    },
  ];
  if (caps.per_tool_set !== null) found.push(toolSetCap(caps.per_tool_set, duplicates, rows));
  return found.flatMap((cap) => (cap.most === null ? [] : [{ ...cap, most: cap.most }]));
}

/** Tool sets are one when they are near the first of their kind; the group is that row's id. */
function toolSetCap(
  most: number,
  { permutations, tools_jaccard: threshold }: DistillRules['duplicates'],
  capacity: number,
): Cap {
  const firsts: RowMeasure[] = [];
  const index = new SimilarityIndex({
    permutations,
    threshold,
    capacity,
    signatureOf: (item) => signatureOf(firsts[item], 'tools'),
  });
  return {
    code: 'cap_tool_set',
    most,
    groups: (row) => {
      const [near] = index.near(signatureOf(row, 'tools'));
      if (near === undefined) index.add(firsts.push(row) - 1);
      return [firsts[near?.item ?? firsts.length - 1]?.id ?? row.id];
    },
    describe: (group) => `the tool set of ${group}`,
  };
}
