import type { Workflow } from '../../../core/workflow.ts';
import { readRow } from '../read-row.ts';
import type { CheckContext, Row } from '../row.ts';
import { appliesTo } from './applies.ts';
import { parameterOf, unitOfArgument, valuesAt } from './argument.ts';
import { type Bound, boundsOf } from './bounds.ts';
import { type CallRecord, callRecords } from './call-records.ts';
import { compare, type Given, type Verdict } from './compare.ts';

/** What a constraint says of one call. */
export interface ConstraintVerdict {
  constraint_index: number;
  message_index: number;
  /** The call's place in its message. */
  call_index: number;
  verdict: Verdict;
}

/** A verdict with what it was reached from. */
export interface BoundVerdict {
  bound: Bound;
  call: CallRecord;
  verdict: Verdict;
}

export interface OrderVerdict {
  constraint: number;
  call: CallRecord;
  needs: readonly string[];
  verdict: Verdict;
}

/**
 * Holds every call against every constraint that names its tool and an argument, or an order. `kept` and
 * `broken` say whether the rules permit the call, whatever its result; constraints that a call alone does
 * not decide are `undecidable`. Constraints without a tool give no verdicts.
 */
export function evaluateConstraints(
  conversation: CheckContext['conversation'],
  workflow: Workflow,
): ConstraintVerdict[] {
  const row = readRow({
    conversation,
    refined: false,
    profile: 'foreign',
    language: null,
    workflow,
  });
  const bounds = boundVerdicts(row, boundsOf(workflow.constraints)).flatMap(
    ({ bound, call, verdict }) => bound.constraints.map((index) => verdictOf(index, call, verdict)),
  );
  const orders = orderVerdicts(row).map(({ constraint, call, verdict }) =>
    verdictOf(constraint, call, verdict),
  );
  return [...bounds, ...orders].sort(
    (a, b) =>
      a.message_index - b.message_index ||
      a.call_index - b.call_index ||
      a.constraint_index - b.constraint_index,
  );
}

function verdictOf(index: number, call: CallRecord, verdict: Verdict): ConstraintVerdict {
  return {
    constraint_index: index,
    message_index: call.message,
    call_index: call.index,
    verdict,
  };
}

/** The verdicts of bounds on the calls of a row. */
export function boundVerdicts(row: Row, bounds: readonly Bound[]): BoundVerdict[] {
  return callRecords(row).flatMap((call) => {
    const own = bounds
      .filter(({ tool }) => tool === call.name)
      .map((bound) => ({ bound, call, verdict: decide(row, bound, call) }));
    return own.map((one) => ({ ...one, verdict: softened(one, own) }));
  });
}

function decide(row: Row, bound: Bound, call: CallRecord): Verdict {
  const { args } = call;
  if (args === undefined || !appliesTo(bound, call, row)) return 'undecidable';
  const verdicts = bound.arguments.map((path) => valuesAt(args, path));
  if (verdicts.some((values) => values.length === 0)) return 'undecidable';
  const given = givenOf(row, bound, args);
  if (bound.arguments.length > 1) return compare(bound, verdicts.flat(), given);
  const [values = []] = verdicts;
  const isOne = bound.limit === undefined || bound.limit.values.length > 1;
  if (isOne) return compare(bound, values, given);
  const each = values.map((value) => compare(bound, [value], given));
  if (each.includes('broken')) return 'broken';
  return each.includes('undecidable') ? 'undecidable' : 'kept';
}

const infos = new WeakMap<Bound, { unit: string | undefined; closed: boolean }>();

function givenOf(row: Row, bound: Bound, args: Record<string, unknown>): Given {
  const [path = ''] = bound.arguments;
  let known = infos.get(bound);
  if (known === undefined) {
    const info = parameterOf(row, bound.tool, path);
    const unit = unitOfArgument(path, info?.description ?? '');
    known = { unit, closed: (info?.options.length ?? 0) > 0 };
    infos.set(bound, known);
  }
  return { ...known, unit: known.unit ?? moneyOf(bound, args) };
}

/** A currency beside the amount. */
function moneyOf({ limit }: Bound, args: Record<string, unknown>): string | undefined {
  const { currency } = args;
  if (limit?.kind !== 'money') return undefined;
  return typeof currency === 'string' && /^[A-Z]{3}$/.test(currency) ? currency : undefined;
}

/**
 * Of several limits of one kind on one argument (10 for members, 3 for guests) only the widest can be
 * decided: which of them holds is not in the call.
 */
function softened({ bound, verdict }: BoundVerdict, all: readonly BoundVerdict[]): Verdict {
  if (verdict !== 'broken') return verdict;
  const key = (one: Bound): string => `${one.operator} ${one.arguments.join()}`;
  const others = all.filter((other) => other.bound !== bound && key(other.bound) === key(bound));
  return others.some((other) => other.verdict === 'kept') ? 'undecidable' : 'broken';
}

/** The verdicts of constraints of order: the tool in `value` is called without failing before the other. */
export function orderVerdicts(row: Row): OrderVerdict[] {
  const calls = callRecords(row);
  const first = new Map<string, number>();
  for (const [at, { name, outcome }] of calls.entries()) {
    if (outcome !== 'failure' && !first.has(name)) first.set(name, at);
  }
  const constraints = row.context.workflow?.constraints.slice(0, 100) ?? [];
  return constraints.flatMap(({ operator, tool, value }, constraint) => {
    if (operator !== 'after' || tool === undefined) return [];
    const needs = [value].flat().filter((one) => typeof one === 'string');
    const isKnown = needs.length > 0 && needs.every((name) => row.toolsByName.has(name));
    const canTell = isKnown && !needs.includes(tool);
    return [...calls.entries()]
      .filter(([, { name }]) => name === tool)
      .map(([at, call]) => {
        const kept = needs.every((name) => (first.get(name) ?? Infinity) < at);
        const verdict = canTell ? (kept ? 'kept' : 'broken') : 'undecidable';
        return { constraint, call, needs, verdict };
      });
  });
}
