import type { Check } from './check.ts';
import { wrongCounts } from './state/counts.ts';
import { earlyIds } from './state/early-ids.ts';
import { changedRecords } from './state/records.ts';
import { changedRereads } from './state/rereads.ts';
import { unsupportedIds } from './state/stated-ids.ts';
import { unsupportedNumbers } from './state/stated-numbers.ts';
import { misquotedRules, wrongAmounts } from './state/stated-otherwise.ts';
import { wrongPrices } from './state/stated-prices.ts';
import { lostWrites } from './state/written.ts';

const ERROR = { gem: 'error', foreign: 'error' } as const;

/** Whether what is told stays the same from turn to turn, until something is written. */
export const STATE_CHECKS: readonly Check[] = [
  {
    code: 'id_used_early',
    title: 'An id is used before it is given',
    severity: { gem: 'warning', foreign: 'warning' },
    paper: false,
    explanation:
      'A later message gives the id, so that the call knew what it could not know (ungrounded_id_arg is the error).',
    fix: 'Put the call after the message that gives the id.',
    example: 'assistant: open({"id": "W44"}), find() tool: ... tool: [{"id": "W44"}]',
    find: earlyIds,
  },
  {
    code: 'reread_differs',
    title: 'The same look-up gives another value',
    severity: ERROR,
    paper: false,
    explanation:
      'A reading tool was called twice with the same arguments, nothing it shows was written in between, and a value differs.',
    fix: 'Give the second result the values of the first, or let a call write the change.',
    example: 'get_order({"id": "W44"}) -> {"total": 30}, later the same call -> {"total": 35}',
    find: changedRereads,
  },
  {
    code: 'record_differs',
    title: 'A record has another value in another result',
    severity: ERROR,
    paper: false,
    explanation:
      'Two tools show a record with the same ids, nothing of it was written in between, and a member of the same name differs.',
    fix: 'Give the record the same values in both results.',
    example:
      'find_order(...) -> {"order_id": "W44", "total": 30}, get_order(...) -> {"order_id": "W44", "total": 35}',
    find: changedRecords,
  },
  {
    code: 'write_not_kept',
    title: 'A written value is not there when it is read',
    severity: { gem: 'error', foreign: 'warning' },
    paper: false,
    explanation:
      'A call set a member of a record and succeeded; its result or a later read shows another value.',
    fix: 'Let the results show what was written, or let the write fail.',
    example:
      'set_language({"entry_id": "EN-6", "language": "Italian"}) -> {"entry_id": "EN-6", "language": "French"}',
    find: lostWrites,
  },
  {
    code: 'count_differs',
    title: 'The assistant counts something else than the results list',
    severity: { gem: 'warning', foreign: 'warning' },
    paper: false,
    explanation:
      'The assistant says how many there are, and no list of that name in the results has so many members, nor all of them together.',
    fix: 'Count the members of the list.',
    example:
      'tool: {"orders": ["W44"]}, later {"orders": ["W45", "W46"]} assistant: You have five orders.',
    find: (row) => wrongCounts(row, 'other'),
  },
  {
    code: 'count_contradicts_list',
    title: 'The assistant counts otherwise than the only list there is',
    severity: ERROR,
    paper: false,
    explanation:
      'As count_differs, where results list such things once only, and fewer than the assistant counts.',
    fix: 'Count the members of the list.',
    example: 'tool: {"orders": ["W44", "W45"]} assistant: You have three orders.',
    find: (row) => wrongCounts(row, 'clear'),
  },
  {
    code: 'stated_id_unknown',
    title: 'The assistant names an id that nobody gave',
    severity: ERROR,
    paper: false,
    explanation:
      'An id, record number or e-mail address in what the assistant says occurs in no result, user or system message before.',
    fix: 'Name only ids that were returned or said.',
    example: 'tool: {"booking": "BK-2041"} assistant: Your booking BK-2014 is confirmed.',
    find: unsupportedIds,
  },
  {
    code: 'stated_number_unknown',
    title: 'The assistant states a number that nobody gave',
    severity: { gem: 'warning', foreign: 'warning' },
    paper: false,
    explanation:
      'An amount of money, a measure or a large number in what the assistant says was neither said nor returned, and no sum, difference, product or percentage of what it names gives it.',
    fix: 'State what the results say, and show how a number is worked out.',
    example: 'tool: {"price": 174} assistant: That is $714.',
    find: unsupportedNumbers,
  },
  {
    code: 'stated_price_differs',
    title: 'The assistant says another price of a record than the results',
    severity: ERROR,
    paper: false,
    explanation:
      'A price is said of a record by its id, plainly (no total, difference or share), and no result gives the record that price under that name.',
    fix: 'State the price that the result has.',
    example:
      'tool: {"flight": "HAT057", "prices": {"economy": 172}} assistant: HAT057, economy: $195',
    find: wrongPrices,
  },
  {
    code: 'stated_amount_differs',
    title: 'The assistant says another amount of what a call just did',
    severity: ERROR,
    paper: false,
    explanation:
      'The amount was neither said nor returned nor follows from what was, and the sentence is about a call of the same turn, whose arguments and result have one other amount.',
    fix: 'State the amount of the call.',
    example: 'send_certificate({"amount": 100}) succeeds. assistant: I sent you a $92 certificate.',
    find: wrongAmounts,
  },
  {
    code: 'stated_rule_differs',
    title: 'The assistant states a limit otherwise than the system message',
    severity: ERROR,
    paper: false,
    explanation:
      'The limit was neither said nor returned, and a sentence of the system message gives the same thing another value.',
    fix: 'State the limit as the system message has it.',
    example:
      'system: "within 24 hours of booking". assistant: You can cancel within 58 hours of booking.',
    find: misquotedRules,
  },
];
