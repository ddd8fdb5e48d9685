import type { Row } from '../row.ts';
import { parametersOf, valuesAt } from './argument.ts';
import type { Bound } from './bounds.ts';
import type { CallRecord } from './call-records.ts';
import { plain } from './compare.ts';

/**
 * Whether a bound is about this call. A rule that names some of the options of another argument (plain
 * glass, express parcels) is about calls with one of these only.
 */
export function appliesTo(bound: Bound, { args }: CallRecord, row: Row): boolean {
  const conditions = known.get(bound) ?? conditionsOf(bound, row);
  known.set(bound, conditions);
  return conditions.every(({ parameter, options }) => {
    const [value] = valuesAt(args ?? {}, parameter);
    return typeof value !== 'string' || options.includes(plain(value));
  });
}

interface Condition {
  parameter: string;
  /** The options that the rule names, as `plain` has them. */
  options: readonly string[];
}

const known = new WeakMap<Bound, readonly Condition[]>();

function conditionsOf(bound: Bound, row: Row): Condition[] {
  const text = ` ${plain(aboutLimit(bound))} `;
  return parametersOf(row, bound.tool).flatMap(([parameter, { options }]) => {
    if (options.length < 2 || bound.arguments.includes(parameter)) return [];
    const named = namedIn(text, options.map(plain));
    if (named.length === 0 || named.length === options.length) return [];
    return [{ parameter, options: named }];
  });
}

/** Options that a text names as words; of two that overlap (plain, plain brown) the longer counts. */
function namedIn(text: string, options: readonly string[]): string[] {
  let rest = text;
  return options
    .filter((option) => option.length > 2)
    .sort((a, b) => b.length - a.length)
    .filter((option) => {
      if (!rest.includes(` ${option} `)) return false;
      rest = rest.replaceAll(` ${option} `, '  ');
      return true;
    });
}

/** The rule's clause with the limit, where several share a sentence; punctuation becomes space. */
function aboutLimit({ rule, limit }: Bound): string {
  const at = limit === undefined ? -1 : rule.indexOf(limit.text);
  const clauses = rule.split(/[,;:.](?= )|\band\b|\bbut\b|\bor\b|\bwhile\b/);
  let from = 0;
  const holding = clauses.find((clause) => {
    const start = rule.indexOf(clause, from);
    from = start + clause.length;
    return at >= start && at < from;
  });
  return (at < 0 ? rule : (holding ?? rule)).replaceAll(/[^\p{L}\p{N}_-]+/gu, ' ');
}

const CONDITION =
  /\b(?:unless|except(?:ions?|ing)?|other than|apart from|without (?:approval|permission|a)|with (?:approval|permission)|otherwise|by default|normally|usually|generally|typically|should|recommend(?:ed)?)\b|(?<!\bonly )\b(?:if|when|where|whenever)\b|\bfor (?:members|guests|students|children|adults|seniors|new|existing|gold|silver|premium|basic)\b/i;

/** Whether the rule has a condition or an exception that a call does not show. */
export function isConditional({ rule, quote }: Bound): boolean {
  return CONDITION.test(rule.slice(0, 2000)) || CONDITION.test(quote.slice(0, 2000));
}
