import { addDays, addMonths, type Day, isDate, weekdayOf } from './dates-calendar.ts';

/** Words that mean a day counted from a reference, and the days they may mean. */
export interface RelativeDay {
  start: number;
  end: number;
  days: Day[];
}

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const COUNTS = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');
const COUNT =
  '(\\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a couple of)';
const UNIT = '(day|night|week|fortnight|month|year)s?';

const RELATIVE = new RegExp(
  [
    '\\b(?:(day after tomorrow|day before yesterday|today|tonight|tomorrow|yesterday)',
    '(?:(next|this|coming|last|past|following) )?(sun|mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?)(?:day)?',
    '(next|this|last|following) (week|weekend|month|year)',
    `in ${COUNT} ${UNIT}`,
    `${COUNT} ${UNIT} (ago|from (?:now|today)|later|earlier|before|after))\\b`,
  ].join('|'),
  'gi',
);

const FIXED: Readonly<Record<string, number>> = {
  today: 0,
  tonight: 0,
  tomorrow: 1,
  yesterday: -1,
  'day after tomorrow': 2,
  'day before yesterday': -2,
};

/** Finds days that are said relative to a reference: tomorrow, next Friday, in three days, two weeks ago. */
export function relativeDaysIn(text: string, reference: Day): RelativeDay[] {
  const found: RelativeDay[] = [];
  for (const match of text.matchAll(RELATIVE)) {
    const days = daysOf(match, reference)?.filter(isDate) ?? [];
    if (days.length > 0)
      found.push({ start: match.index, end: match.index + match[0].length, days });
  }
  return found;
}

function daysOf(match: RegExpMatchArray, reference: Day): Day[] | undefined {
  const [, fixed, which, weekday, side, span, inCount, inUnit, count, unit, way] = match;
  if (fixed !== undefined) return [addDays(reference, FIXED[fixed.toLowerCase()] ?? 0)];
  if (weekday !== undefined) return weekdays(match[0], which, weekday, reference);
  if (side !== undefined) return spanDays(side.toLowerCase(), span?.toLowerCase(), reference);
  if (inCount !== undefined) return [shift(reference, countOf(inCount), inUnit)];
  if (count === undefined || way === undefined) return undefined;
  const back = /ago|earlier|before/i.test(way);
  return [shift(reference, countOf(count) * (back ? -1 : 1), unit)];
}

/** A bare weekday is the coming one or the last; "next" is the coming one or that of next week. */
function weekdays(
  all: string,
  which: string | undefined,
  weekday: string,
  reference: Day,
): Day[] | undefined {
  // "sat" and "sun", "mon" and "wed" in small letters are mostly other words.
  if (!/day$/i.test(all) && !/^[A-Z]/.test(weekday)) return undefined;
  const wanted = WEEKDAYS.indexOf(weekday.slice(0, 3).toLowerCase());
  const ahead = (wanted - weekdayOf(reference) + 7) % 7;
  const coming = addDays(reference, ahead);
  const later = addDays(reference, ahead + 7);
  const last = addDays(reference, ahead === 0 ? -7 : ahead - 7);
  switch (which?.toLowerCase()) {
    case 'next':
    case 'following':
      return ahead === 0 ? [later] : [coming, later];
    case 'last':
    case 'past':
      return [last, addDays(last, -7)];
    default:
      return [coming, last, later];
  }
}

/** All days that "next week" and "this weekend" may mean; the same day of the next month or year. */
function spanDays(side: string, span: string | undefined, reference: Day): Day[] | undefined {
  const sign = side === 'last' ? -1 : side === 'this' ? 0 : 1;
  if (span === 'month') return [addMonths(reference, sign)];
  if (span === 'year') return [addMonths(reference, sign * 12)];
  const monday = addDays(reference, -((weekdayOf(reference) + 6) % 7) + sign * 7);
  const week = [0, 1, 2, 3, 4, 5, 6].map((offset) => addDays(monday, offset));
  return span === 'weekend' ? week.slice(5) : week;
}

function countOf(text: string): number {
  const lower = text.toLowerCase();
  if (/^\d/.test(lower)) return Number(lower);
  if (lower === 'a' || lower === 'an') return 1;
  return lower.startsWith('a ') ? 2 : COUNTS.indexOf(lower);
}

function shift(day: Day, count: number, unit = 'day'): Day {
  switch (unit.toLowerCase()) {
    case 'week':
      return addDays(day, count * 7);
    case 'fortnight':
      return addDays(day, count * 14);
    case 'month':
      return addMonths(day, count);
    case 'year':
      return addMonths(day, count * 12);
    default:
      return addDays(day, count);
  }
}
