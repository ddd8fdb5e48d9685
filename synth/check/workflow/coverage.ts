import type { CallRecord } from '../rules/call-records.ts';
import type { Graph } from './graph.ts';

/** What the successful calls of a conversation cover of a graph. */
export interface Coverage {
  steps: { covered: number; total: number };
  /** An edge leads from each tool of a group to each of the next. */
  edges: { covered: number; total: number };
  missing: readonly string[];
  violations: readonly OrderViolation[];
}

/** A tool that succeeded although no tool of an earlier group had. */
export interface OrderViolation {
  call: CallRecord;
  tool: string;
  /** The earlier group. */
  needs: readonly string[];
  /** Whether a tool of that group succeeds later; otherwise none ever does. */
  later: boolean;
}

/**
 * Holds calls against a graph. A tool that stands in several groups counts for the first; calls whose
 * outcome is not clear count as done for what comes after them, and break no order themselves.
 */
export function coverageOf({ groups }: Graph, calls: readonly CallRecord[]): Coverage {
  const done = firstDone(calls);
  const last = lastDone(calls);
  const level = new Map<string, number>();
  for (const [index, group] of groups.entries()) {
    for (const name of group) if (!level.has(name)) level.set(name, index);
  }
  const tools = [...level.keys()];
  const edges = groups.flatMap((group, index) =>
    (groups[index + 1] ?? []).flatMap((to) => group.map((from) => [from, to] as const)),
  );
  return {
    steps: { covered: tools.filter((tool) => done.has(tool)).length, total: tools.length },
    edges: {
      covered: edges.filter(([from, to]) => (done.get(from) ?? Infinity) < (last.get(to) ?? -1))
        .length,
      total: edges.length,
    },
    missing: tools.filter((tool) => !done.has(tool)),
    violations: violationsOf(groups, level, calls, done),
  };
}

/** When each tool was first called without failing, as a place among the calls. */
function firstDone(calls: readonly CallRecord[]): Map<string, number> {
  const done = new Map<string, number>();
  for (const [at, { name, outcome }] of calls.entries()) {
    if (outcome !== 'failure' && !done.has(name)) done.set(name, at);
  }
  return done;
}

function lastDone(calls: readonly CallRecord[]): Map<string, number> {
  const done = [...calls.entries()].filter(([, { outcome }]) => outcome !== 'failure');
  return new Map(done.map(([at, { name }]) => [name, at]));
}

function violationsOf(
  groups: Graph['groups'],
  level: ReadonlyMap<string, number>,
  calls: readonly CallRecord[],
  done: ReadonlyMap<string, number>,
): OrderViolation[] {
  const told = new Set<string>();
  return calls.flatMap((call, at) => {
    const own = level.get(call.name);
    if (own === undefined || call.outcome !== 'success' || told.has(call.name)) return [];
    told.add(call.name);
    for (const needs of groups.slice(0, own)) {
      const times = needs.map((tool) => done.get(tool) ?? Infinity);
      const first = Math.min(...times);
      if (first < at) continue;
      // Calls of one message are made together.
      if (calls[first]?.message === call.message) continue;
      return [{ call, tool: call.name, needs, later: first < Infinity }];
    }
    return [];
  });
}
