import { basename, relative, resolve } from 'node:path';
import { type Bill, emptyBill } from '../../llm/ledger.ts';
import type { Funnel } from '../funnel.ts';
import type { Manifest } from '../manifest.ts';
import type { Part, Parts } from './parts.ts';

/** The manifest of a run that was joined from others: what they have in common, and their sums. */
export function mergedManifest(
  folder: string,
  { parts, gaps }: Parts,
  first: Part,
  funnel: Funnel,
): Manifest {
  const manifests = parts.map(({ manifest }) => manifest);
  const times = (key: 'started_at' | 'updated_at') => manifests.map((one) => one[key]).sort();
  const bills = addedBills(manifests);
  const { shard: _ofPart, merged: _ofPart2, ...common } = first.manifest;
  return {
    ...common,
    name: basename(resolve(folder)),
    state: gaps.length === 0 ? 'finished' : 'stopped',
    message: gaps.length === 0 ? null : `merged in part: ${gaps.join('; ')}`,
    offline: manifests.some(({ offline }) => offline),
    started_at: times('started_at')[0] ?? common.started_at,
    updated_at: times('updated_at').at(-1) ?? common.updated_at,
    seconds: sum(manifests, ({ seconds }) => seconds),
    sessions: sum(manifests, ({ sessions }) => sessions),
    funnel,
    failed_passages: sum(manifests, ({ failed_passages: failed }) => failed),
    corpus: mergedCorpus(parts),
    bills,
    total: bills.reduce((total, { bill }) => added(total, bill), emptyBill()),
    unaccounted_usd: sum(manifests, ({ unaccounted_usd: usd }) => usd),
    merged: parts.map(({ folder: from, manifest: { name, shard, state, funnel: own } }) => ({
      folder: relative(resolve(folder), resolve(from)),
      name,
      shard: shard === undefined ? null : { index: shard.index, count: shard.count },
      state,
      passages: own.passages,
      accepted: own.accepted,
    })),
  };
}

/** Shards read the same corpus, and the one that read furthest tells of it; other runs' corpora add up. */
function mergedCorpus(parts: readonly Part[]): Record<string, unknown> {
  const corpora = parts.map(({ manifest }) => manifest.corpus);
  const isDivided = parts.some(({ manifest }) => manifest.shard !== undefined);
  if (!isDivided) return corpora.reduce((total, corpus) => addedRecords(total, corpus), {});
  const read = (corpus: Record<string, unknown>) => Number(corpus.read ?? 0);
  const [furthest = {}] = [...corpora].sort((a, b) => read(b) - read(a));
  const { shard_passages: _ofOne, ...whole } = furthest;
  return whole;
}

function addedRecords(
  total: Record<string, unknown>,
  more: Record<string, unknown>,
): Record<string, unknown> {
  const entries = Object.entries(more).map(([key, value]) => [key, addedValues(total[key], value)]);
  return { ...total, ...Object.fromEntries(entries) };
}

function addedValues(before: unknown, value: unknown): unknown {
  if (typeof value === 'number') return (typeof before === 'number' ? before : 0) + value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return before ?? value;
  return addedRecords({ ...(typeof before === 'object' ? before : {}) }, { ...value });
}

function addedBills(manifests: readonly Manifest[]): Manifest['bills'] {
  const bills = new Map<string, Manifest['bills'][number]>();
  for (const { stage, endpoint, bill } of manifests.flatMap((one) => one.bills)) {
    const key = JSON.stringify([stage, endpoint]);
    const before = bills.get(key)?.bill ?? emptyBill();
    bills.set(key, { stage, endpoint, bill: added(before, bill) });
  }
  return [...bills.values()];
}

function added(a: Bill, b: Bill): Bill {
  return {
    requests: a.requests + b.requests,
    reused: a.reused + b.reused,
    prompt_tokens: a.prompt_tokens + b.prompt_tokens,
    cached_tokens: a.cached_tokens + b.cached_tokens,
    completion_tokens: a.completion_tokens + b.completion_tokens,
    cost_usd: a.cost_usd + b.cost_usd,
    seconds: a.seconds + b.seconds,
  };
}

function sum(manifests: readonly Manifest[], of: (manifest: Manifest) => number): number {
  return manifests.reduce((total, manifest) => total + of(manifest), 0);
}
