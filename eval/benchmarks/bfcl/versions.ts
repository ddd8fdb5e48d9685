import { z } from 'zod';

/** The releases of bfcl-eval that can be run; scores of one do not compare with the other's. */
export const BfclVersion = z.enum(['2025.6.16', '2026.3.23']);
export type BfclVersion = z.infer<typeof BfclVersion>;

/** The Python environment of each, made by scripts/python-env. */
export const BFCL_ENVIRONMENTS: Readonly<Record<BfclVersion, string>> = {
  '2025.6.16': 'bfcl-2025',
  '2026.3.23': 'bfcl',
};

/** Names that stand for several categories: those of the harness that need no service beside the endpoint. */
const COLLECTIONS: Readonly<Record<string, readonly string[]>> = {
  multi_turn: [
    'multi_turn_base',
    'multi_turn_miss_func',
    'multi_turn_miss_param',
    'multi_turn_long_context',
  ],
};

/** Categories with the collections written out, each once. */
export function expandCategories(names: readonly string[]): string[] {
  return [...new Set(names.flatMap((name) => COLLECTIONS[name] ?? [name]))];
}
