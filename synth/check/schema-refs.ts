import { childSchemas, inPlaceSchemas, resolveLocal, type Schema } from './schema-walk.ts';

const MAX_UNFOLDED = 20_000;
const MAX_OPEN = 500;

/** What following a schema's references leads to. */
export interface RefReport {
  /** Whether a schema contains itself below some member: legal, and as deep as the value is. */
  recursive: boolean;
  /** Why the schema cannot be used: it is about itself without end, or unfolds into too much. */
  refused: string | null;
}

/** Follows the local references of a schema; those that lead nowhere or elsewhere are not its concern. */
export function followRefs(root: Schema): RefReport {
  const report: RefReport = { recursive: false, refused: null };
  const open = new Map<Schema, number>();
  let visits = 0;
  const visit = (schema: Schema, level: number): void => {
    visits += 1;
    if (visits > MAX_UNFOLDED || open.size > MAX_OPEN)
      report.refused ??= 'its references unfold into too much';
    if (report.refused !== null) return;
    const seenAt = open.get(schema);
    if (seenAt !== undefined) {
      // The same schema at the same level of the value would be asked about it for ever.
      if (seenAt === level) report.refused = 'a reference leads back to itself';
      report.recursive = true;
      return;
    }
    open.set(schema, level);
    for (const next of sameValue(root, schema)) visit(next, level);
    for (const child of childSchemas(schema)) {
      if (!/^(?:\$defs|definitions)\b/.test(child.path)) visit(child.schema, level + 1);
    }
    open.delete(schema);
  };
  visit(root, 0);
  return report;
}

/** The schemas that hold for the same value as this one. */
function sameValue(root: Schema, schema: Schema): Schema[] {
  const next = inPlaceSchemas(schema).map((node) => node.schema);
  const target = typeof schema.$ref === 'string' ? resolveLocal(root, schema.$ref) : undefined;
  return target === undefined ? next : [...next, target];
}
