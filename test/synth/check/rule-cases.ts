import type { Constraint, Workflow } from '../../../core/workflow.ts';
import type { CheckContext } from '../../../synth/check/check.ts';
import type { Case } from './cases.ts';

type Row = CheckContext['conversation'];

/** What the rows of these cases are made from. */
const PASSAGE =
  'Members look a book up in the catalogue before they renew a loan. A loan can be renewed for at most 4 weeks. ' +
  'Parcels for the postal service may weigh up to 20 kg. The desk closes at 18:30. ' +
  'Only members may book the reading room. The reading room is booked for at least 2 hours.';

const RENEW: Constraint = {
  rule: 'A loan is renewed for at most 4 weeks.',
  quote: 'A loan can be renewed for at most 4 weeks',
  tool: 'renew_loan',
  argument: 'weeks',
  operator: '<=',
  value: 4,
  unit: 'weeks',
};
const PARCEL: Constraint = {
  rule: 'A parcel weighs up to 20 kg.',
  quote: 'Parcels for the postal service may weigh up to 20 kg',
  tool: 'send_parcel',
  argument: 'weight_kg',
  operator: '<=',
  value: 20,
  unit: 'kg',
};
const ORDER: Constraint = {
  rule: 'The book is looked up before a loan is renewed.',
  quote: 'look a book up in the catalogue before they renew a loan',
  tool: 'renew_loan',
  operator: 'after',
  value: 'find_book',
};

export function workflowOf(
  constraints: readonly Constraint[],
  graph = '(find_book)->(renew_loan)',
): Workflow {
  return {
    description: 'Renew a loan.',
    steps: ['Look up.', 'Renew.'],
    graph,
    example_calls: [],
    constraints: [...constraints],
  };
}

function tool(name: string, properties: object, description = 'A tool of the library.'): object {
  const parameters = { type: 'object', properties };
  return { type: 'function', function: { name, description, parameters } };
}

const TOOLS = [
  tool('find_book', { title: { type: 'string', description: 'Title' } }),
  tool('renew_loan', {
    weeks: { type: 'integer', description: 'For how many weeks' },
    kind: { enum: ['novel', 'atlas'], description: 'Kind of book' },
  }),
  tool('send_parcel', { weight_kg: { type: 'number', description: 'Weight in kg' } }),
];

const RULES =
  'You help at a library.\nRules:\n1. A loan is renewed for at most 4 weeks.\n2. Parcels weigh up to 20 kg.\n3. The desk closes at 18:30.';

/** A row in which these calls are made, one a turn. */
export function rowOf(
  calls: readonly (readonly [name: string, args: unknown, result: unknown])[],
  system = RULES,
  closing = 'That is all done.',
): Row {
  const turns = calls.flatMap(([name, args, result], index) => {
    const id = `call_${index + 1}`;
    const call = { id, type: 'function', function: { name, arguments: JSON.stringify(args) } };
    const content = typeof result === 'string' ? result : JSON.stringify(result);
    return [
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: id, content },
    ];
  });
  const messages = [
    { role: 'system', content: system },
    { role: 'user', content: 'Please see to my loan of Emma and to my parcel.' },
    ...turns,
    { role: 'assistant', content: closing },
  ];
  return { messages, tools: TOOLS };
}

const FIND = ['find_book', { title: 'Emma' }, { book_id: 'BK-7' }] as const;
const renew = (weeks: number, result: unknown = { status: 'renewed' }) =>
  ['renew_loan', { weeks }, result] as const;
const parcel = (weight: number, result: unknown) =>
  ['send_parcel', { weight_kg: weight }, result] as const;

const clean = rowOf([FIND, renew(3)]);
const all = { passage: PASSAGE, workflow: workflowOf([RENEW, PARCEL, ORDER]) };

function system(rule: string): Row {
  return rowOf([FIND, renew(3)], `You help at a library.\n- ${rule}`);
}

function constraint(one: Constraint): Partial<CheckContext> {
  return { passage: PASSAGE, workflow: workflowOf([one]) };
}

/** The clean row with a bound in the schema of the weeks. */
function bounded(bounds: object): Row {
  const weeks = { type: 'integer', description: 'For how many weeks', ...bounds };
  return { ...clean, tools: TOOLS.with(1, tool('renew_loan', { weeks })) };
}

/** Two patterns that count as one kind more: an error that is mended, and a value of another tool's result. */
const varied = rowOf(
  [
    ['find_book', { title: 'Ema' }, { error: 'no such book' }],
    ['find_book', { title: 'Emma' }, { book_id: 'BK-7' }],
    ['renew_loan', { book_id: 'BK-7', weeks: 3 }, { status: 'renewed' }],
  ],
  RULES,
  'It is renewed for 3 weeks. Mind that parcels weigh up to 20 kg, and that the desk closes at 18:30.',
);

/** A failing and a passing row for each code of the families faithfulness, rules and workflow. */
export const RULE_CASES: Record<string, Case> = {
  rule_contradicts_passage: {
    failing: system('A loan is renewed for at most 6 weeks.'),
    passing: system('A loan is renewed for at most four weeks, or 28 days.'),
    context: all,
  },
  rule_direction_turned: {
    failing: system('The reading room is booked for at most 2 hours.'),
    passing: system('Book the reading room for 2 hours or more.'),
    context: all,
  },
  rule_for_others: {
    failing: system('Only guests may book the reading room.'),
    passing: system('Only the members may book our reading room.'),
    context: all,
  },
  operator_against_quote: {
    failing: clean,
    passing: clean,
    context: constraint({ ...RENEW, operator: '>=' }),
    passingContext: constraint(RENEW),
  },
  schema_contradicts_rule: {
    failing: bounded({ maximum: 3 }),
    passing: bounded({ maximum: 4 }),
    context: constraint(RENEW),
  },
  schema_looser_than_rule: {
    failing: bounded({ maximum: 9 }),
    passing: bounded({ minimum: 1, maximum: 4 }),
    context: constraint(RENEW),
  },
  rule_invented: {
    failing: system('Cards cost EUR 12 a year.'),
    passing: clean,
    context: all,
  },
  tool_contradicts_passage: {
    failing: {
      ...clean,
      tools: [...TOOLS, tool('post', {}, 'Parcels for the postal service weigh up to 25 kg.')],
    },
    passing: {
      ...clean,
      tools: [...TOOLS, tool('post', {}, 'Parcels for the postal service weigh up to 20 kg.')],
    },
    context: all,
  },
  said_limit_contradicts_passage: {
    failing: rowOf([FIND], RULES, 'A loan can be renewed for at most 6 weeks.'),
    passing: rowOf([FIND], RULES, 'A loan can be renewed for at most 4 weeks; yours ran 6 weeks.'),
    context: all,
  },
  rule_broken_success: {
    failing: rowOf([FIND, renew(9)]),
    passing: rowOf([FIND, renew(9, { error: 'too long' }), renew(4)]),
    context: all,
  },
  rule_broken_conditionally: {
    failing: rowOf([FIND, renew(9)]),
    passing: clean,
    context: {
      passage: PASSAGE,
      workflow: workflowOf([{ ...RENEW, rule: 'At most 4 weeks, unless the reader is ill.' }]),
    },
  },
  stated_rule_broken: {
    failing: rowOf(
      [FIND, renew(3)],
      'You help at a library.\n- A loan is renewed for at most 2 weeks.',
    ),
    passing: clean,
    context: all,
  },
  order_rule_broken: {
    failing: rowOf([renew(3), FIND]),
    passing: clean,
    context: all,
  },
  refusal_against_rule: {
    failing: rowOf([parcel(12, { error: 'The weight exceeds the limit of 20 kg.' })]),
    passing: rowOf([
      parcel(22, { error: 'The weight exceeds the limit of 20 kg.' }),
      parcel(12, { error: 'No courier is free.' }),
    ]),
    context: all,
  },
  refusal_unexplained: {
    failing: rowOf([FIND, renew(2, { error: 'The limit of 4 weeks is exceeded.' })]),
    passing: rowOf([FIND, renew(5, { error: 'The limit of 4 weeks is exceeded.' })]),
    context: all,
  },
  constraint_not_checkable: {
    failing: clean,
    passing: clean,
    context: constraint({ ...RENEW, argument: 'months' }),
    passingContext: constraint(RENEW),
  },
  quote_not_in_passage: {
    failing: clean,
    passing: clean,
    context: constraint({ ...RENEW, quote: 'A loan may be renewed for at most 4 weeks' }),
    passingContext: constraint({ ...RENEW, quote: '“a loan  can be renewed … at most 4 weeks”' }),
  },
  value_not_in_quote: {
    failing: clean,
    passing: clean,
    context: constraint({ ...RENEW, value: 6 }),
    passingContext: constraint({ ...RENEW, value: 28, unit: 'days' }),
  },
  graph_unreadable: {
    failing: clean,
    passing: clean,
    context: { workflow: workflowOf([], 'first look it up, then renew it!') },
    passingContext: { workflow: workflowOf([], 'find_book => [renew_loan]') },
  },
  graph_unknown_tool: {
    failing: clean,
    passing: clean,
    context: { workflow: workflowOf([], '(find_boook)->(renew_loan)') },
    passingContext: { workflow: workflowOf([]) },
  },
  graph_order_broken: {
    failing: rowOf([renew(3), FIND]),
    passing: clean,
    context: { workflow: workflowOf([]) },
  },
  graph_step_skipped: {
    failing: rowOf([renew(3)]),
    passing: rowOf([renew(3), FIND]),
    context: { workflow: workflowOf([]) },
  },
  graph_not_covered: {
    failing: rowOf([FIND]),
    passing: clean,
    context: { workflow: workflowOf([]) },
  },
  few_patterns: { failing: clean, passing: varied, context: all },
  pattern_not_found: {
    failing: clean,
    passing: varied,
    context: { ...all, patterns: ['error_recovery'] },
  },
};
