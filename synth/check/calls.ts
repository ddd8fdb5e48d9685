import { analysed, type Check } from './check.ts';

const ERROR = { gem: 'error', foreign: 'error' } as const;

/** Whether the calls fit their tools, argument by argument, and are answered. */
export const CALL_CHECKS: readonly Check[] = [
  {
    ...check('unknown_tool', 'A call names a tool that is not defined'),
    explanation: "Every call names a tool of the row's own set.",
    fix: 'Define the tool, or call one that is defined.',
    example: 'find_boook({"title": "Emma"})',
  },
  {
    ...check('args_not_json', 'Arguments are not JSON'),
    explanation:
      'Arguments are a JSON text; what does not parse cannot be called, and is often cut off.',
    fix: 'Write the arguments as one whole JSON object.',
    example: '{"title": "Em',
  },
  {
    ...check('args_not_object', 'Arguments are JSON, but no object'),
    explanation: 'Arguments have names, so that they are a JSON object.',
    fix: 'Name the arguments.',
    example: '["Emma"]',
  },
  {
    ...check('missing_required', 'A required argument is missing'),
    explanation: "The tool's schema requires a member that the call does not have.",
    fix: 'Give the argument, after asking the user where nobody has said its value.',
    example: 'find_book({}), where title is required',
  },
  {
    ...check('wrong_type', 'A value has the wrong type'),
    explanation: 'The schema declares another type for this value.',
    fix: 'Write the value in the declared type: 3, not "3".',
    example: 'find_book({"pages": "300"}), where pages is an integer',
  },
  {
    ...check('enum_violation', 'A value is not one of those allowed'),
    explanation: 'The schema lists the values (enum, const), and this is none of them.',
    fix: 'Use one of the values in the list.',
    example: 'find_book({"form": "scroll"}), where form is "paper" or "audio"',
  },
  {
    ...check('format_violation', 'A value does not have its format'),
    explanation:
      'The schema names a format (date, date-time, email, uri ...) that the text does not have.',
    fix: 'Write the value in the format: dates as 2026-05-31, times with their zone.',
    example: 'renew({"until": "31.5.2026"}), where until has the format date',
  },
  {
    ...check('pattern_violation', 'A value does not match its pattern'),
    explanation: 'The schema gives a regular expression that the text does not match.',
    fix: 'Write the value as the pattern has it, or mend the pattern.',
    example: 'renew({"card": "77"}), where card matches ^LC-[0-9]{4}$',
  },
  {
    ...check('range_violation', 'A value is too small, too large, too long or too many'),
    explanation:
      'The schema bounds the number, the length or the count (minimum, maxLength, maxItems ...).',
    fix: 'Keep within the bounds, or mend them.',
    example: 'renew({"weeks": 9}), where the maximum is 4',
  },
  {
    ...check('schema_violation', 'A value breaks its schema in another way'),
    explanation: 'A combination (anyOf, oneOf, not ...) does not hold.',
    fix: 'Compare the value with the branches of the schema.',
    example: 'find_book({"by": []}), where by is a text or an object',
  },
  {
    ...check('undeclared_argument', 'A call has an argument that its tool does not declare'),
    explanation:
      'The member is not among the properties, and the schema invites no others (additionalProperties, patternProperties).',
    fix: 'Take the argument out, or declare it.',
    example: 'find_book({"title": "Emma", "mood": "rainy"})',
  },
  {
    ...check('undeclared_member', 'A value has a member that its schema does not declare'),
    severity: { gem: 'error', foreign: 'warning' },
    explanation:
      'As undeclared_argument, but deeper in a value: JSON Schema lets it pass, and the tool does not know of it.',
    fix: 'Take the member out, or declare it.',
    example: 'find_book({"by": {"family_name": "Austen", "mood": "rainy"}})',
  },
  {
    ...check('args_not_checked', 'Arguments could not be checked'),
    severity: { gem: 'warning', foreign: 'warning' },
    paper: false,
    explanation:
      'The arguments are too large or too deeply nested, or a pattern or schema takes too long to try.',
    fix: 'Make the arguments smaller or the pattern simpler: no repeats inside of repeats.',
    example: 'a text of 40 letters against ^(a+)+$',
  },
  {
    ...check('duplicate_call_id', 'Two calls have the same id'),
    severity: { gem: 'error', foreign: 'warning' },
    explanation:
      'Results are told apart by the ids of their calls, so that ids are unique in a row.',
    fix: 'Number the calls anew, with their results.',
    example: 'call_1: find_book(...), later call_1: renew(...)',
  },
  {
    ...check('call_without_result', 'A call has no result'),
    explanation: "The results of a turn's calls follow it at once.",
    fix: 'Add the tool message that answers the call, or take the call out.',
    example: 'assistant: find_book(...). assistant: It is there.',
  },
  {
    ...check('tool_result_without_call', 'A result answers no call'),
    explanation: 'A tool message carries the id of a call in the assistant turn before it.',
    fix: 'Give it the id of its call, or take it out.',
    example: 'user: Hello. tool: {"found": 1}',
  },
  {
    ...check('result_repeated', 'A call is answered twice'),
    explanation: 'A call has one result.',
    fix: 'Take the second result out.',
    example: 'call_1: find_book(...). tool call_1: {}. tool call_1: {}',
  },
  {
    ...check('results_out_of_order', 'Results stand in another order than their calls'),
    severity: { gem: 'error', foreign: 'note' },
    explanation: 'Formats without ids (ShareGPT, Hermes) pair calls and results by their order.',
    fix: 'Put the results in the order of the calls.',
    example: 'call_1, call_2. tool call_2: {}. tool call_1: {}',
  },
];

/** What the checks of this family have in common: an analysis of the row finds them all at once. */
function check(code: string, title: string): Omit<Check, 'explanation' | 'fix' | 'example'> {
  return { code, title, severity: ERROR, paper: true, find: analysed(code) };
}
