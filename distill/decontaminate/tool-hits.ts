import type { ToolDefinition } from '../../core/conversation.ts';
import { type BenchmarkFingerprint, descriptionHash, textHash } from './fingerprint.ts';
import { type Hit, shortExample } from './hit.ts';
import type { DecontaminationRules } from './rules.ts';
import { nameWeight, normalToolName } from './tool-name.ts';

/** A benchmark's tools by the hash of their name. */
export type ToolIndex = ReadonlyMap<number, BenchmarkFingerprint['tools']>;

export function toolIndex({ tools }: BenchmarkFingerprint): ToolIndex {
  const index = new Map<number, BenchmarkFingerprint['tools']>();
  for (const tool of tools) index.set(tool.name, [...(index.get(tool.name) ?? []), tool]);
  return index;
}

/** A row's tool in the form in which it is compared; made once for all benchmarks. */
export interface ComparedTool {
  name: string;
  weight: number;
  nameHash: number;
  descriptionHash: number | null;
}

export function comparedTools(tools: readonly ToolDefinition[]): ComparedTool[] {
  return tools.map(({ function: { name, description } }) => {
    const normal = normalToolName(name);
    return {
      name,
      weight: nameWeight(normal),
      nameHash: textHash(normal),
      descriptionHash: description === undefined ? null : descriptionHash(description),
    };
  });
}

/**
 * The overlap of a row's tools with a benchmark's. Two names that anybody gives (`cancel_order`) are no
 * evidence: it takes five names that make up half of the row's tools, or two tools that are described in the same
 * words. Part of that is listed: three names, or one tool described in the same words.
 */
export function toolHit(
  tools: readonly ComparedTool[],
  index: ToolIndex,
  benchmark: string,
  rules: DecontaminationRules['tools'],
): Hit | null {
  const found = tools.filter(({ nameHash }) => index.has(nameHash));
  if (found.length === 0) return null;
  const described = found.filter(({ nameHash, descriptionHash: own }) =>
    index.get(nameHash)?.some(({ description }) => own !== null && description === own),
  );
  const names = found.reduce((sum, { weight }) => sum + weight, 0);
  const share = found.length / tools.length;
  const drop =
    described.length >= rules.descriptions || (names >= rules.names && share >= rules.share);
  if (!drop && names < LISTED_NAMES && described.length === 0) return null;
  const groups = countGroups(found, index);
  return {
    benchmark,
    item: groups[0]?.[0] ?? null,
    items: groups.length,
    kind: 'tools',
    value: share,
    drop,
    where: 'tools',
    example: shortExample(found.map(({ name }) => name).join(', ')),
  };
}

const LISTED_NAMES = 3;

/** The groups the names are from, that with the most first. */
function countGroups(found: readonly ComparedTool[], index: ToolIndex): [string, number][] {
  const counts = new Map<string, number>();
  for (const { nameHash } of found) {
    const groups = new Set(index.get(nameHash)?.map(({ group }) => group));
    for (const group of groups) counts.set(group, (counts.get(group) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]);
}
