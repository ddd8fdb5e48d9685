import { argumentKind } from '../grounding/argument-kind.ts';
import type { Leaf } from '../grounding/leaves.ts';

const NO_SCHEMA = { description: '', format: '', allowed: [], default: undefined, examples: [] };

const known = new WeakMap<Leaf, boolean>();

/** Whether a value is an id by its name and shape; told once for each leaf. */
export function isId(leaf: Leaf): boolean {
  const told = known.get(leaf) ?? argumentKind(leaf, NO_SCHEMA) === 'id';
  known.set(leaf, told);
  return told;
}
