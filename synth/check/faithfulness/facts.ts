import { momentsIn } from '../../../core/text/dates.ts';
import { nearly, type Quantity, quantitiesIn } from '../../../core/text/quantities.ts';
import type { Dimension } from '../../../core/text/quantities-units.ts';

/** What kind of thing a fact says; only facts of one kind can contradict each other. */
type FactKind = Dimension | 'count' | 'ordinal' | 'time' | 'date' | 'weekday';

/** A number, measure, pair of measures (80 x 180 cm), time or date in a text. Offsets as in a string's slice. */
export interface Fact {
  start: number;
  end: number;
  /** As it is written. */
  text: string;
  kind: FactKind;
  /** In the kind's base unit; the sides of a pair from the smallest to the largest. */
  values: readonly number[];
  /** The numbers as they are written, in the same order. */
  plain: readonly number[];
  unit: string | null;
  noun: string | null;
  /** What a date may mean (core/text/dates.ts). */
  dates: readonly string[];
}

const WEEKDAY = /\b(mon|tues|wednes|thurs|fri|satur|sun)days?\b/gi;
const WEEKDAYS = ['mon', 'tues', 'wednes', 'thurs', 'fri', 'satur', 'sun'];
const TIMES = /\b(twice|thrice|(?:only|just|at most|no more than) once|once only)\b/gi;
/** A number behind one of these words is a name: step 2, section 4. */
const NAMED =
  /\b(?:steps?|rules?|sections?|tables?|figures?|chapters?|articles?|forms?|versions?|pages?|notes?|appendix|items?|examples?|options?|paths?|headings?|no|nr|number|#|part)[ .:#(]{1,2}$/i;

/** Telephone numbers, and 4G: no numbers of anything. */
const NO_NUMBER = /^(?:\d{1,4}[-.]\d{3}[-.]\d|\dG\b)/;

/** Whether it is worth looking: most sentences have no number. */
const MAY_HAVE =
  /\d|[½¼¾⅓⅔]|\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w{3,6}teen|twenty|\w{3,5}ty|hundred|dozen|couple|half|noon|midnight|twice|thrice|once|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)\b/i;

/** The facts in a text, in its order. */
export function factsIn(text: string): Fact[] {
  if (!MAY_HAVE.test(text)) return [];
  const moments = momentsIn(text);
  const facts: Fact[] = [...weekdaysIn(text), ...timesIn(text)];
  for (const { start, end, dates, time } of moments) {
    const base = { start, end, text: text.slice(start, end), unit: null, noun: null };
    if (time !== null) {
      const [hours = 0, minutes = 0] = time.split(':').map(Number);
      const values = [hours * 60 + minutes];
      facts.push({ ...base, kind: 'time', values, plain: values, dates });
    } else facts.push({ ...base, kind: 'date', values: [], plain: [], dates });
  }
  const rest = quantitiesIn(text).filter(
    ({ start, end }) =>
      !moments.some((moment) => start < moment.end && end > moment.start) &&
      !NAMED.test(text.slice(Math.max(0, start - 14), start)) &&
      !NO_NUMBER.test(text.slice(start, start + 12)),
  );
  for (const group of joined(text, rest)) facts.push(factOf(text, group));
  return facts.sort((a, b) => a.start - b.start);
}

/** Quantities that are the sides of one thing stand together: 80x180 cm, 60 by 40 by 35 cm. */
function joined(text: string, quantities: readonly Quantity[]): Quantity[][] {
  const groups: Quantity[][] = [];
  for (const quantity of quantities) {
    const last = groups.at(-1)?.at(-1);
    const gap =
      last === undefined ? '' : text.slice(last.end, Math.min(quantity.start, last.end + 6));
    const isSide =
      last !== undefined && quantity.start - last.end <= 5 && /^ ?(?:[x×*]|by) ?$/i.test(gap);
    if (isSide) groups.at(-1)?.push(quantity);
    else groups.push([quantity]);
  }
  return groups;
}

function factOf(text: string, group: readonly Quantity[]): Fact {
  const [first, ...others] = group;
  const start = first?.start ?? 0;
  const end = others.at(-1)?.end ?? first?.end ?? 0;
  const sides = [...group].sort((a, b) => a.base - b.base);
  const measured = group.find(({ unit }) => unit !== null);
  return {
    start,
    end,
    text: text.slice(start, end),
    kind: first?.ordinal ? 'ordinal' : (measured?.dimension ?? 'count'),
    values: sides.map(({ base }) => base),
    plain: sides.map(({ value }) => value),
    unit: measured?.unit ?? null,
    noun: group.at(-1)?.noun ?? null,
    dates: [],
  };
}

function* weekdaysIn(text: string): Generator<Fact> {
  for (const match of text.matchAll(WEEKDAY)) {
    const values = [WEEKDAYS.indexOf((match[1] ?? '').toLowerCase())];
    yield wordFact(match, 'weekday', values, null);
  }
}

/** `twice` is two times; `once` counts only where it cannot mean "as soon as". */
function* timesIn(text: string): Generator<Fact> {
  for (const match of text.matchAll(TIMES)) {
    const word = match[0].toLowerCase();
    const value = word === 'twice' ? 2 : word === 'thrice' ? 3 : 1;
    yield wordFact(match, 'count', [value], 'times');
  }
}

function wordFact(
  match: RegExpExecArray,
  kind: FactKind,
  values: number[],
  noun: string | null,
): Fact {
  const [text] = match;
  const start = match.index;
  return {
    start,
    end: start + text.length,
    text,
    kind,
    values,
    plain: values,
    unit: null,
    noun,
    dates: [],
  };
}

const SPANS: ReadonlySet<FactKind> = new Set(['duration', 'calendar', 'working_time']);

/** Whether two facts are of one kind, so that they either agree or differ. */
export function comparable(a: Fact, b: Fact): boolean {
  if (a.values.length !== b.values.length) return false;
  if (SPANS.has(a.kind) && SPANS.has(b.kind)) return true;
  return a.kind === b.kind;
}

/** Whether two facts say the same, or may: what one leaves open (a unit, a year) agrees with anything. */
export function agree(a: Fact, b: Fact): boolean {
  if (a.kind === 'date' || b.kind === 'date') return a.kind === b.kind && datesAgree(a, b);
  if (a.values.length !== b.values.length) return false;
  if (a.kind === b.kind) {
    if (a.kind === 'money' && a.unit !== b.unit) return false;
    return a.values.every((value, index) =>
      close(
        value,
        b.values[index] ?? Number.NaN,
        a.unit === b.unit ? 0 : a.kind === 'temperature' ? 0.04 : 0.03,
      ),
    );
  }
  if (SPANS.has(a.kind) && SPANS.has(b.kind)) return spansAgree(a, b);
  const open = a.kind === 'count' || b.kind === 'count';
  return open && a.plain.every((value, index) => nearly(value, b.plain[index] ?? Number.NaN));
}

/** Equal values of one kind, or of which one leaves its unit open; 5 seats are not 5 days. */
export function saysSame(a: Fact, b: Fact): boolean {
  const isOpen = (one: Fact): boolean => one.kind === 'count' && one.noun === null;
  return agree(a, b) && (comparable(a, b) || isOpen(a) || isOpen(b));
}

/** Converted numbers are rounded when they are written: 350 °F is about 175 °C. */
function close(a: number, b: number, tolerance: number): boolean {
  return nearly(a, b) || Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));
}

function datesAgree(a: Fact, b: Fact): boolean {
  const tail = (date: string): string => date.replace(/^-+/, '');
  return a.dates.some((one) =>
    b.dates.some((other) => tail(one).endsWith(tail(other)) || tail(other).endsWith(tail(one))),
  );
}

/** A month is 28 to 31 days; working days are often written as days. */
function spansAgree(a: Fact, b: Fact): boolean {
  const [first = 0] = a.plain;
  const [second = 0] = b.plain;
  if (a.kind === 'working_time' || b.kind === 'working_time') return first === second;
  const months = (a.kind === 'calendar' ? a : b).values[0] ?? 0;
  const days = ((a.kind === 'calendar' ? b : a).values[0] ?? 0) / 86_400;
  return days >= months * 28 && days <= months * 31;
}
