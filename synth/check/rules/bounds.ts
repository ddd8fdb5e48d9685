import type { Constraint, ConstraintOperator } from '../../../core/workflow.ts';
import { agree, type Fact, factsIn } from '../faithfulness/facts.ts';

/** What one constraint, or two that give the sides of a pair, demand of the arguments of a tool's calls. */
export interface Bound {
  /** The places of the constraints in the workflow. */
  constraints: readonly number[];
  tool: string;
  /** The argument's path; several where each holds one side. */
  arguments: readonly string[];
  operator: Exclude<ConstraintOperator, 'after'>;
  /** The limit as a measure; undefined where the value is a text, a boolean or a list. */
  limit: Fact | undefined;
  value: NonNullable<Constraint['value']>;
  rule: string;
  quote: string;
}

const MAX_CONSTRAINTS = 100;
const MAX_QUOTE = 2000;

/** The bounds that a workflow's constraints give, in their order. */
export function boundsOf(constraints: readonly Constraint[]): Bound[] {
  const bounds = constraints.slice(0, MAX_CONSTRAINTS).flatMap(boundOf);
  const paired = new Set<Bound>();
  return bounds.flatMap((bound) => {
    if (paired.has(bound)) return [];
    const pair = pairOf(bound, bounds);
    if (pair === undefined) return [bound];
    paired.add(pair.other);
    return [pair.both];
  });
}

function boundOf(constraint: Constraint, index: number): Bound[] {
  const { tool, argument, operator, value, rule, quote } = constraint;
  if (tool === undefined || argument === undefined || value === undefined) return [];
  if (operator === undefined || operator === 'after') return [];
  const limit = limitOf(constraint);
  return [
    { constraints: [index], tool, arguments: [argument], operator, limit, value, rule, quote },
  ];
}

/** The measure that a constraint's value is: with its unit, else with the one that its quote gives the number. */
function limitOf({ value, unit, quote }: Constraint): Fact | undefined {
  const sides = Array.isArray(value) ? value : [value];
  if (sides.length === 0 || sides.length > 3) return undefined;
  if (typeof value !== 'number' && !sides.every((side) => typeof side === 'number')) {
    return typeof value === 'string' ? wholeFact(value, unit) : undefined;
  }
  const read = wholeFact(sides.map(String).join(' x '), unit);
  if (read === undefined || read.unit !== null || unit !== undefined) return read;
  return (
    factsIn(quote.slice(0, MAX_QUOTE)).find((fact) => fact.kind !== 'date' && agree(fact, read)) ??
    read
  );
}

/** The one fact that a text wholly is, with a unit where it names none: `80x180 cm`, `18:00`, `5`. */
export function wholeFact(text: string, unit?: string): Fact | undefined {
  const trimmed = text.trim();
  if (trimmed.length > 60 || !/\d/.test(trimmed)) return undefined;
  const withUnit = unit === undefined ? [] : factsIn(`${trimmed} ${unit}`);
  const [fact, more] = withUnit.length === 1 ? withUnit : factsIn(trimmed);
  if (fact === undefined || more !== undefined || fact.start > 1) return undefined;
  return trimmed.length - fact.end > 12 ? undefined : fact;
}

/** Width and height of one quote's "80x180 cm": either may be the longer side. */
function pairOf(bound: Bound, bounds: readonly Bound[]): { both: Bound; other: Bound } | undefined {
  const [own] = bound.limit?.plain ?? [];
  if (own === undefined || bound.limit?.plain.length !== 1) return undefined;
  const pairs = factsIn(bound.quote.slice(0, MAX_QUOTE)).filter(({ plain }) => plain.length === 2);
  if (pairs.length === 0) return undefined;
  for (const other of bounds) {
    if (other === bound || other.tool !== bound.tool || other.operator !== bound.operator) continue;
    if (other.quote !== bound.quote || other.arguments[0] === bound.arguments[0]) continue;
    const sides = [own, other.limit?.plain[0] ?? 0].sort((a, b) => a - b).join();
    const limit = pairs.find(({ plain }) => plain.join() === sides);
    if (limit === undefined) continue;
    const constraints = [...bound.constraints, ...other.constraints];
    const names = [...bound.arguments, ...other.arguments];
    const rule = bound.rule === other.rule ? bound.rule : `${bound.rule} ${other.rule}`;
    return { both: { ...bound, constraints, arguments: names, limit, rule }, other };
  }
  return undefined;
}
