import { hashValue } from '../../core/hash.ts';
import type { Manifest } from '../../core/run/manifest.ts';
import type { RunTable } from './run-table.ts';

/** A run, or several of them that differ in their seed alone: then they are added up, passage by passage. */
export interface Method {
  name: string;
  runs: RunTable[];
}

/** A run and the name it goes by in a comparison. */
export interface NamedRun {
  name: string;
  table: RunTable;
}

/** Names for runs: their own, with a number where several have the same, or one run is given twice. */
export function namedRuns(tables: readonly RunTable[]): NamedRun[] {
  const seen = new Map<string, number>();
  return tables.map((table) => {
    const { name } = table.manifest;
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return { name: times === 1 ? name : `${name} (${times})`, table };
  });
}

/**
 * Puts runs together that differ in their seed alone, where other methods are left to compare them with; runs of one
 * method only are compared with each other, which shows what the seed does.
 */
export function methodsOf(runs: readonly NamedRun[]): Method[] {
  const apart = runs.map(({ name, table }) => ({ name, runs: [table] }));
  const groups: { key: string; seeds: Set<unknown>; members: NamedRun[] }[] = [];
  for (const run of runs) {
    const { key, seed } = settingsOf(run.table.manifest);
    const group = groups.find((one) => one.key === key && !one.seeds.has(seed));
    if (group === undefined) groups.push({ key, seeds: new Set([seed]), members: [run] });
    else {
      group.seeds.add(seed);
      group.members.push(run);
    }
  }
  if (groups.length < 2) return apart;
  return groups.map(({ members }) => ({
    name: members.map(({ name }) => name).join(' + '),
    runs: members.map(({ table }) => table),
  }));
}

/** All that shapes a run's rows but the seed. */
function settingsOf({ method, fingerprint_parts: parts }: Manifest): {
  key: string;
  seed: unknown;
} {
  const { seed, ...others } = parts;
  const settings = Object.entries(others).map(([name, value]) => [name, withoutSeed(value)]);
  return { key: hashValue({ method, settings }), seed };
}

/** The sampling of each stage repeats the seed. */
function withoutSeed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== 'seed'));
}
