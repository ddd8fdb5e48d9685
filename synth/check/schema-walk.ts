import { isObject } from '../../core/formats/arguments.ts';
import { joinPath } from './json-path.ts';

export type Schema = Record<string, unknown>;

export interface SchemaNode {
  schema: Schema;
  path: string;
}

const MAPS = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'];
const SINGLES = [
  'additionalItems',
  'additionalProperties',
  'unevaluatedItems',
  'unevaluatedProperties',
  'contains',
  'propertyNames',
];
const IN_PLACE = ['not', 'if', 'then', 'else'];
const IN_PLACE_LISTS = ['allOf', 'anyOf', 'oneOf'];

/** All schemas in a schema, itself first, each with its path. The schema must not be too big (json-size). */
export function* walkSchema(schema: Schema, path: string): Generator<SchemaNode> {
  yield { schema, path };
  for (const child of [...childSchemas(schema), ...inPlaceSchemas(schema)]) {
    yield* walkSchema(child.schema, path === '' ? child.path : `${path}.${child.path}`);
  }
}

/** The schemas for parts of the value: members, items, names. */
export function childSchemas(schema: Schema): SchemaNode[] {
  const found: SchemaNode[] = [];
  for (const keyword of MAPS) {
    if (!isObject(schema[keyword])) continue;
    for (const [key, child] of Object.entries(schema[keyword]))
      add(found, child, joinPath(keyword, key));
  }
  for (const keyword of SINGLES) add(found, schema[keyword], keyword);
  for (const keyword of ['items', 'prefixItems']) addAll(found, schema[keyword], keyword);
  return found;
}

/** The schemas for the same value, but for `$ref`. */
export function inPlaceSchemas(schema: Schema): SchemaNode[] {
  const found: SchemaNode[] = [];
  for (const keyword of IN_PLACE) add(found, schema[keyword], keyword);
  for (const keyword of IN_PLACE_LISTS) addAll(found, schema[keyword], keyword);
  return found;
}

/** The schema that a `#/...` reference points to; undefined where there is none or the reference is another kind. */
export function resolveLocal(root: Schema, reference: string): Schema | undefined {
  let current: unknown = root;
  const parts = reference.split('/').slice(1);
  if (reference !== '#' && !reference.startsWith('#/')) return undefined;
  for (const part of parts) {
    const key = decodePart(part);
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key))
      return undefined;
    // hasOwn has told that the member is there; arrays are indexed by digits as JSON pointers do.
    current = (current as Record<string, unknown>)[key];
  }
  return isObject(current) ? current : current === true ? {} : undefined;
}

function decodePart(part: string): string {
  const plain = part.replaceAll('~1', '/').replaceAll('~0', '~');
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}

function addAll(found: SchemaNode[], value: unknown, keyword: string): void {
  if (!Array.isArray(value)) add(found, value, keyword);
  else for (const [index, child] of value.entries()) add(found, child, joinPath(keyword, index));
}

function add(found: SchemaNode[], value: unknown, path: string): void {
  if (isObject(value)) found.push({ schema: value, path });
}
