import { joinPath } from '../json-path.ts';

export type Scalar = string | number | boolean;

/** Where a value hangs: its parents up to the root, which is null. */
export interface Branch {
  readonly parent: Branch | null;
  readonly at: string | number;
}

/** A scalar of a JSON value. */
export interface Leaf {
  readonly value: Scalar;
  readonly branch: Branch | null;
  /** The nearest member name above it, list places left out; empty without one. */
  readonly key: string;
}

const MAX_DEPTH = 64;
const MAX_LEAVES = 20_000;

/** The scalars of a JSON value in its order, nulls left out; what is nested deeper than 64 levels is, too. */
export function leavesOf(root: unknown): Leaf[] {
  const found: Leaf[] = [];
  collect(root, null, '', 0, found);
  return found;
}

function collect(
  value: unknown,
  branch: Branch | null,
  key: string,
  depth: number,
  found: Leaf[],
): void {
  if (found.length >= MAX_LEAVES) return;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    found.push({ value, branch, key });
    return;
  }
  if (typeof value !== 'object' || value === null || depth >= MAX_DEPTH) return;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at += 1)
      collect(value[at], { parent: branch, at }, key, depth + 1, found);
    return;
  }
  for (const [at, member] of Object.entries(value))
    collect(member, { parent: branch, at }, at, depth + 1, found);
}

/** The path of a place below a base: `a.b[0]`. */
export function pathOf(branch: Branch | null, base = ''): string {
  const keys: (string | number)[] = [];
  for (let at = branch; at !== null; at = at.parent) keys.push(at.at);
  return keys.reverse().reduce<string>((path, key) => joinPath(path, key), base);
}
