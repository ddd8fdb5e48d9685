import type { Check } from './check.ts';
import { joinPath, jsonOf, shorten } from './json-path.ts';
import type { Hit, Row } from './row.ts';
import { isConditional } from './rules/applies.ts';
import { parameterOf } from './rules/argument.ts';
import { type Bound, boundsOf } from './rules/bounds.ts';
import { type BoundVerdict, boundVerdicts, orderVerdicts } from './rules/evaluate.ts';
import { wrongRefusals } from './rules/refusal.ts';
import { ownLimits } from './rules/result-limits.ts';
import { type SchemaBound, schemaBounds } from './rules/schema-bounds.ts';
import { statedBounds } from './rules/stated.ts';

const ERROR = { gem: 'error', foreign: 'error' } as const;
const WARNING = { gem: 'warning', foreign: 'warning' } as const;
const NOTE = { gem: 'note', foreign: 'note' } as const;

/** Whether results keep the rules: the workflow's constraints, as the passage and as the system message has them. */
export const RULE_CHECKS: readonly Check[] = [
  {
    code: 'rule_broken_success',
    title: 'A call that a rule forbids succeeds',
    severity: ERROR,
    paper: false,
    explanation:
      'A constraint of the workflow names the tool and the argument; the value is beyond its limit, and the result is no error and no decision against it. Units are converted; widths and heights may change places.',
    fix: 'Let the tool refuse the call, or call it with a value that the rule permits.',
    example: 'at most 4 weeks: renew({"weeks": 9}) gives {"renewed": true}',
    find: (row) => brokenHits(row, false),
  },
  {
    code: 'rule_broken_conditionally',
    title: 'A call beyond a rule that has conditions succeeds',
    severity: WARNING,
    paper: false,
    explanation:
      'As rule_broken_success, but the rule has an exception or a condition (unless, except, if) that a call does not show.',
    fix: 'Let the conversation show that the exception holds, or let the tool refuse the call.',
    example: 'at most 4 weeks unless you are ill: renew({"weeks": 9}) gives {"renewed": true}',
    find: (row) => brokenHits(row, true),
  },
  {
    code: 'stated_rule_broken',
    title: 'A success is beyond a limit that the conversation states',
    severity: ERROR,
    paper: false,
    explanation:
      'The system message has another limit than the passage, and a call beyond it succeeds; or the result itself names a limit that the call goes beyond.',
    fix: 'Let the tool refuse the call, and mend the limit.',
    example: 'system: "up to 60x70 cm"; check_size({"size": "54x74 cm"}) gives {"approved": true}',
    find: statedHits,
  },
  {
    code: 'order_rule_broken',
    title: 'A call succeeds before the one that a rule puts first',
    severity: ERROR,
    paper: false,
    explanation:
      'A constraint with the operator "after" names the tool that must have been called, without failing, before this one succeeds.',
    fix: 'Make the earlier call first, or let this one fail.',
    example: 'book after login: book(...) gives {"booked": true}, and login was never called',
    find: (row) =>
      orderVerdicts(row)
        .filter(({ call, verdict }) => verdict === 'broken' && call.outcome === 'success')
        .map(({ call, constraint, needs }) => ({
          message_index: call.message,
          path: call.path,
          text: `${shorten(call.name, 64)} succeeds without ${shorten(needs.join(', '), 120)} before it (constraint ${constraint})`,
        })),
  },
  {
    code: 'refusal_against_rule',
    title: 'A call is refused for a limit that it keeps',
    severity: ERROR,
    paper: false,
    explanation:
      'The error names the limit of a constraint as its reason, the call is within it, every other constraint of the tool is kept, and nothing could add up to the limit.',
    fix: 'Let the call succeed, or name the true reason.',
    example:
      'up to 80x180 cm: check_size({"size": "54x74 cm"}) gives {"error": "larger than 80x180 cm"}',
    find: (row) => refusalHits(row, true),
  },
  {
    code: 'refusal_unexplained',
    title: 'A refusal names a limit that the call keeps',
    severity: NOTE,
    paper: false,
    explanation:
      'As refusal_against_rule, but earlier calls could add up to the limit, or another constraint cannot be decided.',
    fix: 'Say in the error what the limit is reached by.',
    example: 'at most 4 requests: request({"requests": 1}) gives {"error": "limit of 4 exceeded"}',
    find: (row) => refusalHits(row, false),
  },
  {
    code: 'schema_contradicts_rule',
    title: "A tool's schema forbids what a rule permits",
    severity: ERROR,
    paper: false,
    explanation:
      "The minimum or maximum of a parameter leaves out values that the constraint about this argument permits, so that no call could ever show the rule's limit.",
    fix: "Write the rule's limit into the schema, or leave it out there.",
    example: 'at most 6 guests; the schema of guests has "maximum": 4',
    find: (row) => schemaHits(row, 'tighter'),
  },
  {
    code: 'schema_looser_than_rule',
    title: "A tool's schema has another limit than a rule",
    severity: NOTE,
    paper: false,
    explanation:
      'The minimum or maximum of a parameter permits more than the constraint about this argument: the tool must refuse by itself.',
    fix: "Write the rule's limit into the schema, or leave it out there.",
    example: 'at most 6 guests; the schema of guests has "maximum": 10',
    find: (row) => schemaHits(row, 'looser'),
  },
  {
    code: 'constraint_not_checkable',
    title: 'A constraint names a tool or an argument that is not defined',
    severity: NOTE,
    paper: false,
    explanation: 'Nothing can be held against a constraint whose tool or argument is not there.',
    fix: "Name one of the row's tools and one of its parameters.",
    example: 'constraint: tool "renew", argument "month", where the parameter is "months"',
    find: uncheckable,
  },
];

const bounds = new WeakMap<Row, readonly Bound[]>();

function boundsIn(row: Row): readonly Bound[] {
  const known = bounds.get(row) ?? boundsOf(row.context.workflow?.constraints ?? []);
  bounds.set(row, known);
  return known;
}

const verdicts = new WeakMap<Row, readonly BoundVerdict[]>();

function verdictsIn(row: Row): readonly BoundVerdict[] {
  const known = verdicts.get(row) ?? boundVerdicts(row, boundsIn(row));
  verdicts.set(row, known);
  return known;
}

function brokenHits(row: Row, conditional: boolean): Hit[] {
  return verdictsIn(row)
    .filter(({ verdict, call }) => verdict === 'broken' && call.outcome === 'success')
    .filter(({ bound }) => isConditional(bound) === conditional)
    .map((one) => brokenHit(one));
}

function brokenHit({ bound, call }: BoundVerdict, by = ''): Hit {
  const given = bound.arguments.map((name) => `${name} ${jsonOf(call.args?.[name])}`);
  const limit = bound.limit?.text ?? jsonOf(bound.value);
  return {
    message_index: call.message,
    path: `${call.path}.function.arguments.${bound.arguments[0]}`,
    text: `${shorten(call.name, 64)} succeeds with ${shorten(given.join(', '))}, where ${by}${bound.operator} ${shorten(limit, 40)} is permitted: "${shorten(bound.rule, 120)}"`,
  };
}

function statedHits(row: Row): Hit[] {
  if (row.context.workflow === undefined) return [];
  const stated = statedBounds(row, boundsIn(row));
  const broken = stated.length === 0 ? [] : boundVerdicts(row, stated);
  return [
    ...broken
      .filter(({ verdict, call }) => verdict === 'broken' && call.outcome === 'success')
      .map((one) => brokenHit(one, 'by the system message ')),
    ...ownLimits(row).map(({ call, key, limit, given }) => ({
      message_index: call.result?.index ?? call.message,
      path: 'content',
      text: `${shorten(call.name, 64)} succeeds with ${shorten(given)}, where its result has ${shorten(key, 40)} ${shorten(limit, 40)}`,
    })),
  ];
}

function refusalHits(row: Row, certain: boolean): Hit[] {
  return wrongRefusals(verdictsIn(row))
    .filter((refusal) => refusal.certain === certain)
    .map(({ call, bound }) => ({
      message_index: call.result?.index ?? call.message,
      path: 'content',
      text: `${shorten(call.name, 64)} is refused (${shorten(call.result?.content ?? '', 100)}), and keeps ${bound.arguments.join(', ')} ${bound.operator} ${shorten(bound.limit?.text ?? '', 40)}`,
    }));
}

function schemaHits(row: Row, wanted: SchemaBound['verdict']): Hit[] {
  return schemaBounds(row, boundsIn(row))
    .filter(({ verdict }) => verdict === wanted)
    .map(({ bound, keyword, value }) => ({
      message_index: null,
      path: `tools[${row.toolsByName.get(bound.tool)?.index ?? 0}].function.parameters.properties.${bound.arguments[0]}.${keyword}`,
      text: `${keyword} is ${value}, where ${bound.operator} ${shorten(bound.limit?.text ?? '', 40)} is permitted: "${shorten(bound.rule, 120)}"`,
    }));
}

function uncheckable(row: Row): Hit[] {
  const constraints = row.context.workflow?.constraints.slice(0, 100) ?? [];
  return constraints.flatMap(({ tool, argument, operator, value }, index) => {
    const bad = (member: string, text: string): Hit[] => [
      { message_index: null, path: `${joinPath('workflow.constraints', index)}.${member}`, text },
    ];
    if (tool === undefined) return [];
    if (!row.toolsByName.has(tool)) return bad('tool', `${shorten(tool, 64)} is no tool`);
    const needed = operator === 'after' ? [value].flat() : [];
    const unknown = needed.find((name) => typeof name !== 'string' || !row.toolsByName.has(name));
    if (unknown !== undefined) return bad('value', `${shorten(String(unknown), 64)} is no tool`);
    if (argument === undefined || parameterOf(row, tool, argument) !== undefined) return [];
    return bad('argument', `${shorten(tool, 64)} has no parameter ${shorten(argument, 64)}`);
  });
}
