import { jsonOrUndefined } from '../../../core/formats/arguments.ts';
import { momentsIn } from '../../../core/text/dates.ts';
import type { Quantity } from '../../../core/text/quantities.ts';
import { leavesOf } from '../grounding/leaves.ts';
import { type Sight, sightOf } from '../grounding/sight.ts';
import { cents, isDerived, runsOf } from '../grounding/worked-out.ts';
import { shorten } from '../json-path.ts';
import type { Hit, Row, RowMessage } from '../row.ts';
import { idsOf, quantitiesOf } from './message-reading.ts';
import { RecordNumbers } from './record-numbers.ts';

/** Latest numbers that sums and differences are tried over. */
const MAX_POOL = 12;

/**
 * Amounts of money and other large numbers in the assistant's texts that nobody gave and that no sum,
 * difference, product or percentage of what it and the user named gives.
 */
export function unsupportedNumbers(row: Row): Hit[] {
  return unknownNumbers(row).map(({ message, text, value, unit }) => {
    const what = unit === null ? '' : ` (${value} ${unit})`;
    const reason = 'was neither said nor returned and follows from nothing named beside it';
    return {
      message_index: message.index,
      path: 'content',
      text: `"${shorten(text, 40)}"${what} ${reason}`,
    };
  });
}

const known = new WeakMap<Row, readonly UnknownNumber[]>();

/** Those numbers, with the messages that state them; found once a row. */
export function unknownNumbers(row: Row): readonly UnknownNumber[] {
  const found = known.get(row) ?? findUnknown(row);
  known.set(row, found);
  return found;
}

function findUnknown(row: Row): UnknownNumber[] {
  const numbers = new Statements(sightOf(row));
  return row.messages.flatMap((message) => {
    if (message.role === 'user') numbers.hear(message);
    if (message.role !== 'assistant') return [];
    return numbers.state(message).map((stated) => ({ ...stated, message }));
  });
}

export interface UnknownNumber extends Stated {
  message: RowMessage;
}

interface Stated {
  /** As it is written. */
  text: string;
  value: number;
  unit: string | null;
  start: number;
}

/** What the assistant has stated so far, and whether it had grounds. */
class Statements {
  readonly #sight: Sight;
  readonly #known = new Set<number>();
  #recent: number[] = [];

  readonly #records: RecordNumbers;

  constructor(sight: Sight) {
    this.#sight = sight;
    this.#records = new RecordNumbers(sight);
  }

  hear(message: RowMessage): void {
    for (const { value } of quantitiesOf(message)) this.#remember(value);
  }

  /** The numbers of a message that nothing supports. Each is reported once. */
  state(message: RowMessage): Stated[] {
    const { content, index, calls } = message;
    const quantities = content === '' ? [] : quantitiesOf(message);
    const found = this.#unsupported(quantities, message);
    this.#records.nameArguments(message);
    for (const { text } of calls) {
      for (const leaf of leavesOf(jsonOrUndefined(text)))
        if (typeof leaf.value === 'number') this.#remember(leaf.value);
    }
    return found.length === 0 ? found : this.#withoutNames(found, content, index);
  }

  #unsupported(quantities: readonly Quantity[], message: RowMessage): Stated[] {
    const { content, index: before } = message;
    const given = new Set(quantities.filter((quantity) => this.#isGiven(quantity, before)));
    for (const { value } of given) this.#remember(value);
    const values = [...given].map(({ value }) => value);
    const pool = [...new Set([...values, ...this.#recent.slice(-MAX_POOL)])].slice(0, MAX_POOL * 3);
    const runs = runsOf(quantities.map(({ value }) => value));
    const ids = [...idsOf(message)];
    const found: Stated[] = [];
    for (const quantity of quantities) {
      const { value, unit, start, end } = quantity;
      while ((ids[0]?.start ?? start) < start) this.#records.name(ids.shift()?.id ?? '');
      const known = given.has(quantity) || this.#known.has(value);
      if (known || !isTelling(quantity, content)) continue;
      const derived = !isSpan(quantity) && (runs.has(cents(value)) || isDerived(value, pool));
      this.#remember(value);
      const isTotal = !isSpan(quantity) && this.#records.totals().has(cents(value));
      if (derived || isTotal) pool.push(value);
      else found.push({ text: content.slice(start, end), value, unit, start });
    }
    for (const { id } of ids) this.#records.name(id);
    return found;
  }

  /** Digits of an id (the card 4421486) and of dates (May 20, 23 and 28) are no numbers of their own. */
  #withoutNames(found: Stated[], content: string, before: number): Stated[] {
    const moments = momentsIn(content);
    return found.filter(({ text, start }) => {
      if (moments.some((moment) => moment.start <= start && start < moment.end)) return false;
      const digits = /\d[\d.,]*/.exec(text)?.[0] ?? '';
      return digits.length < 2 || this.#sight.phrase(digits, before) === undefined;
    });
  }

  #remember(value: number): void {
    this.#known.add(value);
    if (Math.abs(value) > 1) this.#recent.push(value);
    if (this.#recent.length > MAX_POOL * 4) this.#recent = this.#recent.slice(-MAX_POOL);
  }

  #isGiven({ value, dimension, base }: Quantity, before: number): boolean {
    if (this.#sight.number(value, before) ?? this.#sight.number(-value, before)) return true;
    if (dimension === null || dimension === 'money') return false;
    return this.#sight.measure(dimension, base, before) !== undefined;
  }
}

/** Small numbers count, number steps and round; they say little. */
function isTelling(
  { value, unit, dimension, ordinal, spelled, start }: Quantity,
  text: string,
): boolean {
  if (ordinal || spelled || Math.abs(value) < 2) return false;
  if (dimension === 'money') return true;
  if (dimension !== null && dimension !== 'share') return Math.abs(value) >= 2 && unit !== null;
  const year = Number.isInteger(value) && value >= 1900 && value <= 2100;
  const enumerated = /(?:^|\n)[ *#(-]*$/.test(text.slice(Math.max(0, start - 6), start));
  return !year && !enumerated && (Math.abs(value) >= 20 || !Number.isInteger(value));
}

/** Days and hours are not worked out from whatever else is named. */
function isSpan({ dimension }: Quantity): boolean {
  return dimension === 'duration' || dimension === 'calendar' || dimension === 'working_time';
}
