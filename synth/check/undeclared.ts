import { isObject } from '../../core/formats/arguments.ts';
import { joinPath } from './json-path.ts';
import { inPlaceSchemas, resolveLocal, type Schema } from './schema-walk.ts';

const MAX_SCHEMAS = 1000;

/** A member that no schema declares: an argument, or one deeper in the value. */
export interface Undeclared {
  path: string;
  top: boolean;
}

/**
 * The members that a call has and its tool's schema does not declare. JSON Schema lets them
 * pass unless `additionalProperties` is false; here they pass only where the schema plainly invites
 * them: additionalProperties, unevaluatedProperties or patternProperties, or a nested object without
 * any properties. The schema must be free of endless references.
 */
export function undeclaredMembers(root: Schema, value: Record<string, unknown>): Undeclared[] {
  const found: Undeclared[] = [];
  walk(value, '', [root], true);
  return found;

  function walk(current: unknown, path: string, schemas: readonly Schema[], top: boolean): void {
    if (typeof current !== 'object' || current === null || schemas.length === 0) return;
    const all = schemas.flatMap((schema) => sameValue(root, schema));
    if (Array.isArray(current)) {
      for (const [index, item] of current.entries()) {
        walk(item, joinPath(path, index), itemSchemas(all, index), false);
      }
      return;
    }
    const open = all.some((schema) => invites(schema, top));
    for (const [key, member] of Object.entries(current)) {
      const declared = memberSchemas(all, key);
      if (declared !== null) walk(member, joinPath(path, key), declared, false);
      else if (!open && (top || all.some((schema) => isObject(schema.properties)))) {
        found.push({ path: joinPath(path, key), top });
      }
    }
  }
}

/** A schema and those that hold for the same value, references followed. */
function sameValue(root: Schema, schema: Schema): Schema[] {
  const found = new Set<Schema>([schema]);
  for (const current of found) {
    if (found.size > MAX_SCHEMAS) break;
    for (const { schema: next } of inPlaceSchemas(current)) found.add(next);
    const target = typeof current.$ref === 'string' ? resolveLocal(root, current.$ref) : undefined;
    if (target !== undefined) found.add(target);
  }
  return [...found];
}

function invites(schema: Schema, top: boolean): boolean {
  const { additionalProperties, unevaluatedProperties, patternProperties } = schema;
  if (isObject(patternProperties)) return true;
  if ([additionalProperties, unevaluatedProperties].some((rule) => rule === true || isObject(rule)))
    return true;
  // Not `properties`: nothing is said of the members, unless false has been said.
  const isFreeForm = [schema.type].flat().includes('object') && schema.properties === undefined;
  return !top && isFreeForm && additionalProperties !== false && !hasBranches(schema);
}

function hasBranches(schema: Schema): boolean {
  return schema.$ref !== undefined || inPlaceSchemas(schema).length > 0;
}

/** The schemas that declare a member; null when none does. */
function memberSchemas(schemas: readonly Schema[], key: string): Schema[] | null {
  const rules = schemas.flatMap(({ properties }) =>
    isObject(properties) && Object.hasOwn(properties, key) ? [properties[key]] : [],
  );
  return rules.length === 0 ? null : rules.filter(isObject);
}

function itemSchemas(schemas: readonly Schema[], index: number): Schema[] {
  return schemas.flatMap(({ items, prefixItems }) => {
    if (Array.isArray(prefixItems) && index < prefixItems.length)
      return [prefixItems[index]].filter(isObject);
    if (Array.isArray(items)) return [items[index]].filter(isObject);
    return isObject(items) ? [items] : [];
  });
}
