import type { Check } from './check.ts';
import type { ArgumentKind } from './grounding/argument-kind.ts';
import { pathOf } from './grounding/leaves.ts';
import { textNumbers } from './grounding/text-numbers.ts';
import { type Trace, tracesOf } from './grounding/trace.ts';
import { shorten } from './json-path.ts';
import type { Hit, Row } from './row.ts';
import { below } from './tool-analysis.ts';

const ERROR = { gem: 'error', foreign: 'error' } as const;
const NOTE = { gem: 'note', foreign: 'note' } as const;

/** Whether the values of calls come from what was in sight: the user, results, the system message. */
export const GROUNDING_CHECKS: readonly Check[] = [
  {
    ...check('ungrounded_id_arg', 'An id in a call was never given', ['id']),
    explanation:
      'Ids, codes of records and secrets cannot be guessed: the user, a result or the system message gives them first.',
    fix: 'Look the id up or ask the user for it before the call.',
    example: 'user: Where is my order? assistant: get_order({"order_id": "W4410"})',
  },
  {
    ...check('ungrounded_name_arg', 'The name of a person in a call was never given', ['name']),
    explanation: 'Nobody named this person before the call.',
    fix: 'Ask for the name, or take it from a result.',
    example: 'user: Book it for my wife. assistant: book({"first_name": "Anna"})',
  },
  {
    ...check('ungrounded_contact_arg', 'An e-mail address or phone number was never given', [
      'contact',
    ]),
    explanation: 'Addresses and phone numbers cannot be guessed, not even from a name.',
    fix: 'Ask the user for it.',
    example: 'user: I am Mia Li. assistant: find_user({"email": "mia.li@mail.test"})',
  },
  {
    ...check('ungrounded_date_arg', 'A date or time in a call was never given', ['date', 'time']),
    explanation:
      'No date or time that was said, returned or follows from words such as "tomorrow" gives this one.',
    fix: 'Ask for the date, or say in the system message what day it is.',
    example: 'user: I want to fly soon. assistant: search({"date": "2026-06-14"})',
  },
  {
    ...check('ungrounded_number_arg', 'A number in a call was never given', ['number']),
    explanation:
      'The number was neither said nor returned, nor put to the user, and no sum, difference, product or percentage of values that belong to the call gives it.',
    fix: 'Ask for the number, or show in a message how it is worked out before it is used.',
    example: 'user: Send me a voucher. assistant: send_voucher({"amount": 200})',
  },
  {
    code: 'ungrounded_number_in_text',
    title: 'A free text of a call states a number that nobody gave',
    severity: { gem: 'warning', foreign: 'warning' },
    paper: false,
    explanation:
      'An amount, a measure or a larger number in a message, summary or note that a call writes was neither said nor returned, and no other argument of the call has it.',
    fix: 'Write what was said or returned, or say in a message how the number is worked out.',
    example: 'user: Tell them I am late. assistant: send({"text": "Mia comes 45 minutes later."})',
    find: (row) =>
      textNumbers(row).map(({ trace, text }) =>
        hitOf(trace, `states ${shorten(text, 40)}, which occurs in nothing before`),
      ),
  },
  {
    code: 'argument_of_sibling',
    title: 'A call uses what only a call beside it returns',
    severity: { gem: 'error', foreign: 'warning' },
    paper: false,
    explanation:
      'The value is in the result of an earlier call of the same turn: calls of one turn are made before any of them is answered. It is no invention, and often two turns were joined into one.',
    fix: 'Make the second call in a turn of its own, after the result.',
    example: 'assistant: find_zip({"city": "Rome"}), distance({"zip": "00118"})',
    find: (row) => siblingHits(row),
  },
  {
    ...check('ungrounded_text_arg', 'A text in a call stems from nothing that was said', [
      'text',
      'code',
      'expression',
    ]),
    severity: NOTE,
    explanation:
      'Codes, summaries and other texts may be derived by knowledge or put in own words; this one shares little with what was said.',
    fix: 'Look whether the value follows from the conversation.',
    example: 'user: I fly from New York. assistant: search({"origin": "JFK"})',
  },
];

/** What the checks of this family have in common: the traces of the row, made once. */
function check(
  code: string,
  title: string,
  kinds: readonly ArgumentKind[],
): Omit<Check, 'explanation' | 'fix' | 'example'> {
  return { code, title, severity: ERROR, paper: false, find: (row) => ungrounded(row, kinds) };
}

function siblingHits(row: Row): Hit[] {
  return tracesOf(row)
    .filter(({ match }) => match.kind === 'sibling')
    .map((trace) => hitOf(trace, 'is in the result of another call of this turn alone'));
}

function ungrounded(row: Row, kinds: readonly ArgumentKind[]): Hit[] {
  return tracesOf(row)
    .filter(({ match, argument }) => match.kind === 'ungrounded' && kinds.includes(argument))
    .map((trace) => hitOf(trace, 'occurs in nothing that was said or returned before'));
}

function hitOf({ call, leaf }: Trace, problem: string): Hit {
  return {
    message_index: call.message,
    path: below(`${call.path}.function.arguments`, pathOf(leaf.branch)),
    text: `${shorten(call.name, 64)}: ${shorten(JSON.stringify(leaf.value))} ${problem}`,
  };
}
