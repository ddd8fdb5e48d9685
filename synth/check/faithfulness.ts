import type { Constraint } from '../../core/workflow.ts';
import type { Check } from './check.ts';
import { passageOf, systemTracing } from './faithfulness/analysis.ts';
import { saidContradictions, toolContradictions } from './faithfulness/other-texts.ts';
import { hasQuote, turnedOperator, valueProblem } from './faithfulness/quotes.ts';
import { joinPath, shorten } from './json-path.ts';
import type { Hit, Row } from './row.ts';

const ERROR = { gem: 'error', foreign: 'error' } as const;
const WARNING = { gem: 'warning', foreign: 'warning' } as const;
const MAX_CONSTRAINTS = 200;

/** Whether the rules are those of the passage. */
export const FAITHFULNESS_CHECKS: readonly Check[] = [
  {
    code: 'rule_contradicts_passage',
    title: 'A rule of the system message contradicts the passage',
    severity: ERROR,
    paper: false,
    explanation:
      'The passage gives another number, measure, date or time for the same thing: found by the unit and by the words around.',
    fix: 'Write the rule with the value that the passage has.',
    example: 'passage: "glass up to 80x180 cm"; system: "Glass is cut up to 60x70 cm."',
    find: (row) =>
      systemTracing(row).contradictions.map(({ message, said, saidIn, source, sourceIn }) => ({
        message_index: message,
        path: 'content',
        text: `"${shorten(said.text, 40)}" in "${around(saidIn.text, said)}", where the passage has "${shorten(source.text, 40)}": "${around(sourceIn.text, source)}"`,
      })),
  },
  {
    code: 'rule_direction_turned',
    title: 'A rule makes the most of what is the least in the passage',
    severity: ERROR,
    paper: false,
    explanation:
      'The passage has the same number for the same thing as the least (at least, or more), where the rule has it as the most (at most, up to), or the other way round.',
    fix: 'Write the rule in the direction of the passage.',
    example:
      'passage: "Bookings are for at most 3 guests."; system: "Bookings need at least 3 guests."',
    find: (row) =>
      systemTracing(row).turned.map(({ message, said, saidIn, source, sourceIn }) => ({
        message_index: message,
        path: 'content',
        text: `"${around(saidIn.text, said)}", where the passage has "${around(sourceIn.text, source)}"`,
      })),
  },
  {
    code: 'rule_for_others',
    title: 'A rule is for others than the passage says',
    severity: WARNING,
    paper: false,
    explanation:
      'A rule reserves something for somebody (only members may), and the sentence of the passage that is about the same thing names others.',
    fix: 'Name those whom the passage names.',
    example: 'passage: "Only members may book the hall."; system: "Only guests may book the hall."',
    find: (row) =>
      systemTracing(row).audiences.map(({ message, said, saidIn, source, sourceIn }) => ({
        message_index: message,
        path: 'content',
        text: `"${shorten(said, 40)}" in "${shorten(saidIn.text, 100)}", where the passage has "${shorten(source, 40)}": "${shorten(sourceIn.text, 100)}"`,
      })),
  },
  {
    code: 'rule_invented',
    title: 'A rule states a value that is nowhere in the passage',
    severity: WARNING,
    paper: false,
    explanation:
      'Numbers, measures, dates and times in the rules of the system message come from the passage; the finding gives the share of those that do not.',
    fix: 'Take the value out, or take it from the passage.',
    example: 'system: "Orders are kept for 14 days", and the passage says nothing of it',
    find: inventedHits,
  },
  {
    code: 'quote_not_in_passage',
    title: "A constraint's quote is not in the passage",
    severity: ERROR,
    paper: false,
    explanation:
      'A quote is the words of the passage, letter for letter; white space, quotes, dashes and punctuation do not count.',
    fix: 'Copy the quote from the passage, or take the constraint out.',
    example: 'passage: "within 45 days"; quote: "within 54 days"',
    find: (row) => {
      const passage = passageOf(row);
      if (passage === undefined) return [];
      return constraintHits(row, 'quote', ({ quote }) =>
        hasQuote(passage.folded, quote)
          ? undefined
          : `not in the passage: "${shorten(quote, 160)}"`,
      );
    },
  },
  {
    code: 'value_not_in_quote',
    title: "A constraint's value is not in its quote",
    severity: ERROR,
    paper: false,
    explanation:
      'The number or measure of a constraint stands in its quote, in digits or in words, in any unit that converts to it.',
    fix: 'Take the value from the quote, or give the quote that has it.',
    example: 'quote: "no more than six at a time"; value: 8',
    find: (row) =>
      row.context.passage === undefined
        ? []
        : constraintHits(row, 'value', (constraint) => {
            const value = valueProblem(constraint);
            return value && `${shorten(value)} is not in "${shorten(constraint.quote, 160)}"`;
          }),
  },
  {
    code: 'operator_against_quote',
    title: "A constraint's operator turns its quote round",
    severity: ERROR,
    paper: false,
    explanation:
      'The quote has the value as the least (at least, or more) and the operator as the most, or the other way round.',
    fix: 'Write <= for what is at most, and >= for what is at least.',
    example: 'quote: "at least 3 days"; operator "<=", value 3',
    find: (row) =>
      constraintHits(row, 'operator', (constraint) => {
        const direction = turnedOperator(constraint);
        return (
          direction &&
          `${constraint.operator}, where "${shorten(constraint.quote, 160)}" is the ${direction}`
        );
      }),
  },
  {
    code: 'tool_contradicts_passage',
    title: "A tool's description contradicts the passage",
    severity: WARNING,
    paper: false,
    explanation:
      'A limit in the description of a tool or of a parameter, or in the list of its values, has another value in the passage.',
    fix: 'Write the limit as the passage has it.',
    example: 'passage: "at most 20 kg"; weight_kg: "Weight of the parcel, at most 25 kg"',
    find: toolContradictions,
  },
  {
    code: 'said_limit_contradicts_passage',
    title: 'A limit that is told or returned contradicts the passage',
    severity: WARNING,
    paper: false,
    explanation:
      "A limit in an assistant's message or in a tool's result has another value in the passage.",
    fix: 'State the limit as the passage has it.',
    example: 'passage: "up to 80x180 cm"; assistant: "The limit for this glass is 60x70 cm."',
    find: saidContradictions,
  },
];

function constraintHits(
  row: Row,
  member: string,
  problem: (constraint: Constraint) => string | undefined,
): Hit[] {
  const constraints = row.context.workflow?.constraints.slice(0, MAX_CONSTRAINTS) ?? [];
  return constraints.flatMap((constraint, index) => {
    const text = problem(constraint);
    const path = `${joinPath('workflow.constraints', index)}.${member}`;
    return text === undefined ? [] : [{ message_index: null, path, text }];
  });
}

function inventedHits(row: Row): Hit[] {
  const { invented, total, contradictions } = systemTracing(row);
  const [first] = invented;
  if (first === undefined) return [];
  const list = invented
    .slice(0, 6)
    .map(({ fact, sentence }) => `"${shorten(fact.text, 30)}" in "${around(sentence, fact)}"`);
  const more = invented.length > 6 ? ' ...' : '';
  const untrue = contradictions.length === 0 ? '' : `, ${contradictions.length} contradict it`;
  const share = Math.round((100 * invented.length) / Math.max(1, total));
  const text = `${invented.length} of ${total} values (${share}%) are nowhere in the passage${untrue}: ${list.join('; ')}${more}`;
  return [{ message_index: first.message, path: 'content', text }];
}

/** The words around a fact. */
function around(text: string, { start, end }: { start: number; end: number }): string {
  const from = Math.max(0, start - 40);
  return shorten(text.slice(from, end + 30).trim(), 100);
}
