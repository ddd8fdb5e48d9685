import { addDays, type Day, dayOf, isDate, isoOf } from './dates-calendar.ts';
import { relativeDaysIn } from './dates-relative.ts';

/** A date or a time of day in a text. Offsets are of UTF-16 units, `end` exclusive. */
export interface Moment {
  start: number;
  end: number;
  /**
   * What the words may mean, in ISO 8601: `2026-06-02`; `--06-02` without a year; `---24` for a day alone;
   * `2026-06` for a month. Two or more where it is ambiguous (06/02/2026, next Friday), none for a time.
   */
  dates: readonly string[];
  /** `17:30` or `17:30:05`; null where no time is written. An hour without am or pm is as written. */
  time: string | null;
  /** Whether the date was worked out from the reference date. */
  relative: boolean;
}

/**
 * The dates and times of day in a text, in its order. `reference` (`2026-06-02`) is the day that
 * relative ones count from; without it they are left out. Linear in the text's length.
 */
export function momentsIn(text: string, reference: string | null = null): Moment[] {
  const found: Moment[] = [
    ...isoDatesIn(text),
    ...numericDatesIn(text),
    ...namedDatesIn(text),
    ...loneDaysIn(text),
    ...timesIn(text),
  ];
  const day = reference === null ? undefined : dayOf(reference);
  if (day !== undefined) {
    for (const { start, end, days } of relativeDaysIn(text, day))
      found.push({ start, end, dates: days.map(isoOf), time: null, relative: true });
  }
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  let end = 0;
  return found.filter((moment) => {
    if (moment.start < end) return false;
    end = moment.end;
    return true;
  });
}

/**
 * Whether a date of a text may be the full date `iso`: what it leaves out (the year, the month) may be
 * anything.
 */
export function mayBeDate(said: string, iso: string): boolean {
  if (said.startsWith('---')) return iso.slice(8, 10) === said.slice(3);
  if (said.startsWith('--')) return iso.slice(5, 10) === said.slice(2);
  return said.length === 7 ? iso.startsWith(said) : iso.slice(0, 10) === said;
}

/** A date so many days on: `shiftDate('2026-05-31', 1)` is `2026-06-01`; undefined for what is no full date. */
export function shiftDate(iso: string, days: number): string | undefined {
  const day = dayOf(iso);
  return day === undefined ? undefined : isoOf(addDays(day, days));
}

/** The time of day that a text wholly is, as `17:30` or `17:30:05`; undefined for any other text. */
export function timeOf(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed.length > 12) return undefined;
  const [moment] = timesIn(trimmed);
  return moment?.start === 0 && moment.end === trimmed.length
    ? (moment.time ?? undefined)
    : undefined;
}

const ISO =
  /\b(\d{4})([-/.])(\d{2})\2(\d{2})(?:(?:T| )(\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?(?!\d)/g;

function* isoDatesIn(text: string): Generator<Moment> {
  for (const match of text.matchAll(ISO)) {
    const [, year, , month, date, hour, minute, second] = match;
    const day = { year: Number(year), month: Number(month), date: Number(date) };
    if (!isDate(day)) continue;
    const time = hour === undefined ? null : timeText(hour, minute, second);
    yield { ...spanOf(match), dates: [isoOf(day)], time, relative: false };
  }
}

const NUMERIC = /(?<![\d./-])(\d{1,2})([/.-])(\d{1,2})(?:\2(\d{4}|\d{2}))?(?![\d/-]|\.\d)/g;

/** 06/02/2026 is of June or of February; with dots (2.6.2026) the day comes first. */
function* numericDatesIn(text: string): Generator<Moment> {
  for (const match of text.matchAll(NUMERIC)) {
    const [, first, sign, second, years] = match;
    if (years === undefined && sign !== '/') continue;
    const year = years === undefined ? null : fullYear(years);
    const [a, b] = [Number(first), Number(second)];
    const monthFirst = { year: year ?? 2024, month: a, date: b };
    const dayFirst = { year: year ?? 2024, month: b, date: a };
    const readings = sign === '.' ? [dayFirst] : a === b ? [monthFirst] : [monthFirst, dayFirst];
    const dates = readings.filter(isDate).map((day) => saidDate(day, year));
    if (dates.length > 0) yield { ...spanOf(match), dates, time: null, relative: false };
  }
}

function fullYear(text: string): number {
  const year = Number(text);
  if (text.length === 4) return year;
  return year < 50 ? 2000 + year : 1900 + year;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const NAMED =
  /\b(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?/gi;
const DAY_BEFORE = /(?<![\d:.,/-])(\d{1,2})(?:st|nd|rd|th)?(?: of)?[ -]$/i;
const DAY_AFTER = /^[ -](?:the )?(\d{1,2})(?:st|nd|rd|th)?(?![\d:/]|[.,]\d|[a-z])/i;
const YEAR_AFTER = /^(?:,? |-|,)(?:of )?(\d{4})(?![\d:])/;
const MORE_DAYS =
  /^(?: ?(?:[-–,&]|to|and|or|through|until|, and|, or) ?)(?:the )?(\d{1,2})(?:st|nd|rd|th)?(?![\d:/]|[.,]\d|[a-z]| ?[ap]\.?m\b)/i;

/** `June 2`, `2nd of June 2026`, `Jun. 2-5, 2026`, `June 2026`. */
function* namedDatesIn(text: string): Generator<Moment> {
  for (const match of text.matchAll(NAMED)) {
    const month = MONTHS.indexOf(match[0].slice(0, 3).toLowerCase()) + 1;
    const before = DAY_BEFORE.exec(text.slice(Math.max(0, match.index - 9), match.index));
    const start = match.index - (before?.[0].length ?? 0);
    let end = match.index + match[0].length;
    const days: { start: number; end: number; date: number }[] = [];
    if (before !== null) days.push({ start, end, date: Number(before[1]) });
    for (let pattern = DAY_AFTER; before === null && days.length < 9; pattern = MORE_DAYS) {
      const next = pattern.exec(text.slice(end, end + 20));
      if (next === null) break;
      const from = days.length === 0 ? start : end + next[0].search(/\d/);
      end += next[0].length;
      days.push({ start: from, end, date: Number(next[1]) });
    }
    yield* datesOf(text, { start, end, month, days });
  }
}

function* datesOf(
  text: string,
  read: {
    start: number;
    end: number;
    month: number;
    days: { start: number; end: number; date: number }[];
  },
): Generator<Moment> {
  const years = YEAR_AFTER.exec(text.slice(read.end, read.end + 12));
  const year = years === null ? null : Number(years[1]);
  const end = read.end + (years?.[0].length ?? 0);
  if (read.days.length === 0 && year !== null) {
    const dates = [`${years?.[1]}-${String(read.month).padStart(2, '0')}`];
    yield { start: read.start, end, dates, time: null, relative: false };
  }
  for (const [index, day] of read.days.entries()) {
    const full: Day = { year: year ?? 2024, month: read.month, date: day.date };
    if (!isDate(full)) continue;
    const last = index === read.days.length - 1;
    const dates = [saidDate(full, year)];
    yield { start: day.start, end: last ? end : day.end, dates, time: null, relative: false };
  }
}

/** `the 24th`, of whatever month. */
function* loneDaysIn(text: string): Generator<Moment> {
  for (const match of text.matchAll(/\bthe (\d{1,2})(?:st|nd|rd|th)\b/gi)) {
    if (Number(match[1]) < 1 || Number(match[1]) > 31) continue;
    const dates = [`---${match[1]?.padStart(2, '0')}`];
    yield { ...spanOf(match), dates, time: null, relative: false };
  }
}

const TIMES =
  /(?<![\d:.,])(?:(\d{1,2})(?::(\d{2})(?::(\d{2}))?|\.(\d{2})(?= ?[ap]\.?m\b))?(?: ?([ap])\.?m\b\.?)|(\d{1,2}):(\d{2})(?::(\d{2}))?(?![\d:])|\b(noon|midnight)\b)/gi;

function* timesIn(text: string): Generator<Moment> {
  for (const match of text.matchAll(TIMES)) {
    const [, hour12, minute, second, dotted, half, hour24, minute24, second24, named] = match;
    let time: string | undefined;
    if (named !== undefined) time = named.toLowerCase() === 'noon' ? '12:00' : '00:00';
    else if (hour24 !== undefined) time = timeText(hour24, minute24, second24);
    else if (Number(hour12) >= 1 && Number(hour12) <= 12) {
      const hour = (Number(hour12) % 12) + (half?.toLowerCase() === 'p' ? 12 : 0);
      time = timeText(String(hour), minute ?? dotted ?? '00', second);
    }
    if (time !== undefined && /^(?:[01]\d|2[0-4]):[0-5]\d(?::[0-5]\d)?$/.test(time))
      yield { ...spanOf(match), dates: [], time, relative: false };
  }
}

function timeText(hour: string, minute = '00', second?: string): string {
  return [hour, minute, ...(second === undefined ? [] : [second])]
    .map((part) => part.padStart(2, '0'))
    .join(':');
}

function saidDate(day: Day, year: number | null): string {
  return year === null ? `-${isoOf(day).slice(4)}` : isoOf(day);
}

function spanOf(match: RegExpMatchArray): { start: number; end: number } {
  const start = match.index ?? 0;
  return { start, end: start + match[0].length };
}
