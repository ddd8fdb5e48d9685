import type { Row } from '../row.ts';
import { type ParameterInfo, parameterOf, unitOfArgument } from './argument.ts';
import type { Bound } from './bounds.ts';
import { compare } from './compare.ts';

/** A rule of one argument and what the tool's schema has in its place. */
export interface SchemaBound {
  bound: Bound;
  keyword: 'minimum' | 'maximum';
  value: number;
  /** `looser`: the schema lets through what the rule forbids; `tighter`: it forbids what the rule permits. */
  verdict: 'looser' | 'tighter';
}

/** The minimum and maximum of arguments that are not those of the rules about them. */
export function schemaBounds(row: Row, bounds: readonly Bound[]): SchemaBound[] {
  return bounds.flatMap((bound) => {
    const [argument, ...others] = bound.arguments;
    const { operator, tool, limit } = bound;
    if (argument === undefined || others.length > 0 || limit?.values.length !== 1) return [];
    if (operator !== '<=' && operator !== '>=') return [];
    const parameter = parameterOf(row, tool, argument);
    return parameter === undefined ? [] : differences(bound, argument, parameter);
  });
}

function differences(bound: Bound, argument: string, parameter: ParameterInfo): SchemaBound[] {
  const { operator } = bound;
  const given = { unit: unitOfArgument(argument, parameter.description), closed: false };
  const isOther = (value: number): boolean =>
    compare({ ...bound, operator: '!=' }, [value], given) === 'kept';
  const isBroken = (value: number): boolean => compare(bound, [value], given) === 'broken';
  const [own, other] = operator === '<=' ? KEYWORDS : KEYWORDS.toReversed();
  const found: SchemaBound[] = [];
  if (own === undefined || other === undefined) return found;
  const [near, far] = [parameter[own], parameter[other]];
  if (near !== undefined && isBroken(near))
    found.push({ bound, keyword: own, value: near, verdict: 'looser' });
  else if (near !== undefined && isOther(near))
    found.push({ bound, keyword: own, value: near, verdict: 'tighter' });
  if (far !== undefined && isBroken(far))
    found.push({ bound, keyword: other, value: far, verdict: 'tighter' });
  return found;
}

const KEYWORDS: readonly SchemaBound['keyword'][] = ['maximum', 'minimum'];
