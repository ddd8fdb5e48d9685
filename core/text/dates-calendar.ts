/** A day of the calendar; `month` and `date` count from 1. */
export interface Day {
  year: number;
  month: number;
  date: number;
}

/** Whether the calendar has the day. */
export function isDate({ year, month, date }: Day): boolean {
  if (month < 1 || month > 12 || date < 1 || year < 1 || year > 9999) return false;
  return date <= new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
}

/** `2026-06-02`. */
export function isoOf({ year, month, date }: Day): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(date)}`;
}

/** The day that an ISO date or date-time begins with; undefined for any other text. */
export function dayOf(iso: string): Day | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?!\d)/.exec(iso);
  if (match === null) return undefined;
  const day = { year: Number(match[1]), month: Number(match[2]), date: Number(match[3]) };
  return isDate(day) ? day : undefined;
}

/** So many days on, or back. */
export function addDays(day: Day, days: number): Day {
  const { year, month, date } = day;
  const moved = new Date(Date.UTC(year, month - 1, date + days));
  return {
    year: moved.getUTCFullYear(),
    month: moved.getUTCMonth() + 1,
    date: moved.getUTCDate(),
  };
}

/** So many months on, or back; the 31st becomes the last day of a shorter month. */
export function addMonths({ year, month, date }: Day, months: number): Day {
  const index = year * 12 + month - 1 + months;
  const target = { year: Math.floor(index / 12), month: (((index % 12) + 12) % 12) + 1 };
  const last = new Date(Date.UTC(target.year, target.month, 0)).getUTCDate();
  return { ...target, date: Math.min(date, last) };
}

/** 0 is Sunday. */
export function weekdayOf({ year, month, date }: Day): number {
  return new Date(Date.UTC(year, month - 1, date)).getUTCDay();
}
