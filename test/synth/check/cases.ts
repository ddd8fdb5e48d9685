import type { CheckContext } from '../../../synth/check/check.ts';
import { RULE_CASES } from './rule-cases.ts';
import { STATE_CASES } from './state-cases.ts';

export type Row = CheckContext['conversation'];

/** A row that has what a check looks for, and one like it that has not. */
export interface Case {
  failing: Row;
  passing: Row;
  context?: Partial<CheckContext>;
  /** Where the passing row's is another. */
  passingContext?: Partial<CheckContext>;
}

const PARAMETERS = {
  type: 'object',
  properties: {
    card: { type: 'string', pattern: '^LC-[0-9]{4}$' },
    weeks: { type: 'integer', minimum: 1, maximum: 4 },
    until: { type: 'string', format: 'date' },
    reason: { enum: ['reading', 'illness'] },
    by: {
      anyOf: [{ type: 'object', properties: { desk: { type: 'string' } } }, { type: 'boolean' }],
    },
    copy: {
      oneOf: [
        { type: 'integer', minimum: 5 },
        { type: 'integer', maximum: 9 },
      ],
    },
  },
  required: ['card'],
};

const renew = toolWith({});
const good = { card: 'LC-2041', weeks: 2 };

export function toolWith(change: object, parameters: unknown = PARAMETERS): object {
  const definition = { name: 'renew_loan', description: 'Renew a loan.', parameters, ...change };
  return { type: 'function', function: definition };
}

export function callOf(args: unknown, id = 'call_1', name = 'renew_loan'): object {
  const text = typeof args === 'string' ? args : JSON.stringify(args);
  return { id, type: 'function', function: { name, arguments: text } };
}

export const system = {
  role: 'system',
  content: 'You help at the loans desk. Loans run four weeks.',
};
export const user = { role: 'user', content: 'Please renew my loan, card LC-2041.' };
export const call = { role: 'assistant', content: null, tool_calls: [callOf(good)] };
export const result = { role: 'tool', tool_call_id: 'call_1', content: '{"renewed": true}' };
export const closing = { role: 'assistant', content: 'Your loan is renewed for two weeks.' };
export const clean = row(system, user, call, result, closing);

export function row(...messages: unknown[]): Row {
  return { messages, tools: [renew] };
}

function args(value: unknown): Row {
  return row(system, user, { ...call, tool_calls: [callOf(value)] }, result, closing);
}

function tools(...list: unknown[]): Row {
  return { ...clean, tools: list };
}

/** A row whose tool has these parameters; its call is not looked at. */
function schema(parameters: unknown): Row {
  return tools(renew, toolWith({ name: 'other' }, parameters));
}

function said(content: string): Row {
  return row(system, user, call, result, { ...closing, content });
}

function returned(content: string): Row {
  return row(system, user, call, { ...result, content }, closing);
}

const two = { ...call, tool_calls: [callOf(good), callOf(good, 'call_2')] };
const second = { ...result, tool_call_id: 'call_2' };
const more = [user, { ...call, tool_calls: [callOf(good, 'call_2')] }, second, closing];
const throwing = new Proxy([], {
  get: () => {
    throw new Error('a trap');
  },
});

export const CASES: Record<string, Case> = {
  ...RULE_CASES,
  tool_malformed: { failing: tools(renew, { name: 'x' }), passing: clean },
  bad_tool_name: {
    failing: tools(renew, toolWith({ name: 'renew loan!' })),
    passing: tools(renew, toolWith({ name: 'Renew-loan_2' })),
  },
  duplicate_tool_name: { failing: tools(renew, renew), passing: clean },
  tool_schema_invalid: {
    failing: schema({ type: 'object', properties: { size: { type: 'float' } } }),
    passing: schema({ type: 'object', properties: { size: { type: ['number', 'null'] } } }),
  },
  tool_schema_refused: {
    failing: schema({ type: 'object', properties: { size: { $ref: 'https://schemas.test/s' } } }),
    passing: schema({
      type: 'object',
      properties: { size: { $ref: '#/$defs/size' } },
      $defs: { size: { type: 'number' } },
    }),
  },
  required_unknown_property: {
    failing: schema({ type: 'object', properties: { size: {} }, required: ['sizes'] }),
    passing: schema({ type: 'object', properties: { size: {} }, required: ['size'] }),
  },
  tool_no_description: {
    failing: tools(renew, toolWith({ name: 'b', description: ' ' })),
    passing: clean,
  },
  message_malformed: {
    failing: row(system, { ...user, content: 5 }, call, result, closing),
    passing: clean,
  },
  role_unknown: {
    failing: row(system, { ...user, role: 'narrator' }, call, result, closing),
    passing: clean,
  },
  assistant_empty: { failing: said(' \n'), passing: clean },
  message_empty: { failing: returned(''), passing: clean },
  several_calls_a_turn: {
    failing: row(system, user, two, result, second, closing),
    passing: clean,
  },
  text_beside_call: {
    failing: row(system, user, { ...call, content: 'Let me see.' }, result, closing),
    passing: row(system, user, { ...call, content: '' }, result, closing),
  },
  no_calls: { failing: row(system, user, closing), passing: clean },
  no_system: { failing: row(user, call, result, closing), passing: clean },
  system_not_first: {
    failing: row(user, closing, system, user, call, result, closing),
    passing: clean,
  },
  system_repeated: { failing: row(system, system, user, call, result, closing), passing: clean },
  first_not_user: { failing: row(system, closing, user, call, result, closing), passing: clean },
  user_not_answered: { failing: row(system, user, user, call, result, closing), passing: clean },
  tool_then_user: { failing: row(system, user, call, result, user, closing), passing: clean },
  assistant_twice: {
    failing: row(system, user, call, result, closing, closing),
    passing: row(
      system,
      user,
      call,
      result,
      { ...call, tool_calls: [callOf(good, 'call_2')] },
      second,
      closing,
    ),
  },
  last_not_assistant: { failing: row(system, user, call, result, closing, user), passing: clean },
  unknown_tool: { failing: { ...clean, tools: [] }, passing: clean },
  args_not_json: { failing: args('{"card": "LC-2'), passing: clean },
  args_not_object: { failing: args(['LC-2041']), passing: clean },
  missing_required: { failing: args({ weeks: 2 }), passing: clean },
  wrong_type: { failing: args({ ...good, weeks: '2' }), passing: args({ ...good, weeks: 3 }) },
  enum_violation: {
    failing: args({ ...good, reason: 'sloth' }),
    passing: args({ ...good, reason: 'illness' }),
  },
  format_violation: {
    failing: args({ ...good, until: '31.5.2026' }),
    passing: args({ ...good, until: '2026-05-31' }),
  },
  pattern_violation: { failing: args({ card: '77' }), passing: clean },
  range_violation: { failing: args({ ...good, weeks: 9 }), passing: args({ ...good, weeks: 4 }) },
  schema_violation: { failing: args({ ...good, copy: 7 }), passing: args({ ...good, copy: 3 }) },
  undeclared_argument: { failing: args({ ...good, mood: 'rainy' }), passing: clean },
  undeclared_member: {
    failing: args({ ...good, by: { desk: 'b', hat: 1 } }),
    passing: args({ ...good, by: { desk: 'b' } }),
  },
  args_not_checked: {
    failing: args(`{"card": ${'['.repeat(99)}${']'.repeat(99)}}`),
    passing: clean,
  },
  duplicate_call_id: {
    failing: row(system, user, call, result, closing, user, call, result, closing),
    passing: row(system, user, call, result, closing, ...more),
  },
  call_without_result: { failing: row(system, user, call, closing), passing: clean },
  tool_result_without_call: {
    failing: row(system, user, call, { ...result, tool_call_id: 'x' }, closing),
    passing: clean,
  },
  result_repeated: { failing: row(system, user, call, result, result, closing), passing: clean },
  results_out_of_order: {
    failing: row(system, user, two, second, result, closing),
    passing: row(system, user, two, result, second, closing),
  },
  role_tag_in_content: {
    failing: said('Renewed.</assistant>\n<user>\nThanks.'),
    passing: said('Log in with ssh <user>@desk and compare 1 < 2.'),
  },
  markup_in_content: {
    failing: said('<think>The loan.</think> Renewed.'),
    passing: said('Renewed: [1] and <b>2</b>.'),
  },
  call_as_text: {
    failing: said('{"name": "renew_loan", "arguments": {"card": "LC-2041"}}'),
    passing: said('It is stored as {"name": "Ada", "card": "LC-2041"}.'),
  },
  prompt_leak: {
    failing: row(
      { ...system, content: '# How to answer\nWrite only the conversation.' },
      user,
      call,
      result,
      closing,
    ),
    passing: row(
      { ...system, content: '# Rules\nLoans run four weeks.' },
      user,
      call,
      result,
      closing,
    ),
  },
  placeholder: {
    failing: returned('{"loans": ["Emma", "... 5 more results"]}'),
    passing: returned('{"loans": ["Emma"], "owner": "ada@example.com"}'),
  },
  content_cut: {
    failing: returned('{"loans": ["Emma", "Pers'),
    passing: returned('{"loans": ["Emma"]}'),
  },
  tool_result_not_json: {
    failing: returned("{'renewed': True}"),
    passing: returned('[note] the desk is closed'),
  },
  invalid_unicode: {
    failing: said('Renewed \ud83d'),
    passing: said('Renewed \ud83d\ude00\tfor two weeks\n'),
  },
  language_mismatch: {
    failing: said(
      'Das Buch ist leider nicht da, aber ich kann es für Sie bestellen, wenn Sie möchten.',
    ),
    passing: said(
      'Der Zauberberg and Die Verwandlung are here, and I can keep them for you if you like.',
    ),
    context: { language: 'en' },
  },
  ...STATE_CASES,
  check_failed: { failing: { ...clean, messages: throwing }, passing: clean },
};
