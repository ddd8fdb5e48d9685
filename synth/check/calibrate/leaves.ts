import { isObject, jsonOrUndefined } from '../../../core/formats/arguments.ts';
import { messagesOf } from './edit.ts';
import type { CleanRow } from './mutation.ts';

type Scalar = string | number | boolean;

/** A scalar of a tool's result: where it stands and what object it belongs to. */
export interface ResultLeaf {
  message: number;
  path: readonly (string | number)[];
  key: string;
  value: Scalar;
  /** The ids that its object, or the nearest one around it that has any, names: `order_id=77`. */
  entity: string;
}

const MAX_LEAVES = 2000;

/** The scalars of all results that are JSON, in order. */
export function resultLeaves(row: CleanRow): ResultLeaf[] {
  return messagesOf(row, 'tool').flatMap(({ index, message }) => {
    const root = /^\s*[{[]/.test(message.content) ? jsonOrUndefined(message.content) : undefined;
    const found: ResultLeaf[] = [];
    walk(root, [], '', '', index, found);
    return found;
  });
}

function walk(
  value: unknown,
  path: readonly (string | number)[],
  key: string,
  entity: string,
  message: number,
  found: ResultLeaf[],
): void {
  if (found.length >= MAX_LEAVES || path.length > 20) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      walk(item, [...path, index], key, `${entity}[${index}]`, message, found);
  } else if (isObject(value)) {
    const own = idsOf(value) || entity;
    for (const [name, member] of Object.entries(value))
      walk(member, [...path, name], name, own, message, found);
  } else if (isScalar(value)) found.push({ message, path, key, value, entity });
}

function idsOf(object: Record<string, unknown>): string {
  return Object.entries(object)
    .filter(([name, value]) => /(?:^|_)id$/i.test(name) && isScalar(value))
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(',');
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** A JSON text with the scalar at a path replaced. */
export function withLeaf(
  text: string,
  path: readonly (string | number)[],
  value: unknown,
): string | null {
  const root = jsonOrUndefined(text);
  let holder: unknown = root;
  for (const step of path.slice(0, -1)) holder = memberOf(holder, step);
  const last = path.at(-1);
  if (last === undefined || typeof holder !== 'object' || holder === null) return null;
  Reflect.set(holder, last, value);
  return JSON.stringify(root);
}

function memberOf(holder: unknown, step: string | number): unknown {
  return typeof holder === 'object' && holder !== null ? Reflect.get(holder, step) : undefined;
}
