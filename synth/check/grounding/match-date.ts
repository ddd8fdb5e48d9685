import { type Moment, mayBeDate, momentsIn, shiftDate, timeOf } from '../../../core/text/dates.ts';
import { dayOf } from '../../../core/text/dates-calendar.ts';
import type { Origin, Place } from './phrase-index.ts';
import type { Sight } from './sight.ts';

export interface DateMatch {
  kind: 'date' | 'time' | 'relative';
  place: Place;
}

interface Seen extends Moment {
  origin: Origin;
}

/** The dates and times of day that a conversation names, read when the first one is asked for. */
export class Calendar {
  readonly #sight: Sight;
  #byDate: Map<string, Seen> | undefined;
  readonly #byTime = new Map<string, Seen>();
  /** Days that are words and could not be worked out, as nothing says what day it is. */
  #reference: string | null = null;

  constructor(sight: Sight) {
    this.#sight = sight;
  }

  /** The day that relative words count from; null where the conversation does not tell. */
  get reference(): string | null {
    this.#read();
    return this.#reference;
  }

  /** Where a full date was named, or words that mean it; a day next to one that was named counts, too. */
  matchDate(iso: string, before: number): DateMatch | undefined {
    const date = iso.slice(0, 10);
    const said = this.#named(date, before);
    if (said !== undefined) return { kind: said.relative ? 'relative' : 'date', place: said };
    for (const days of [-1, 1]) {
      const shifted = shiftDate(date, days);
      const near = shifted === undefined ? undefined : this.#full(shifted, before);
      if (near !== undefined) return { kind: 'relative', place: near };
    }
    return undefined;
  }

  matchTime(text: string, before: number): DateMatch | undefined {
    const time = timeOf(text)?.slice(0, 5);
    if (time === undefined) return undefined;
    this.#read();
    const hour = Number(time.slice(0, 2));
    // 5:30 may have been said of the afternoon.
    const other = hour > 12 ? `${String(hour - 12).padStart(2, '0')}${time.slice(2)}` : time;
    const seen = [time, other]
      .map((key) => this.#byTime.get(key))
      .find((found) => found !== undefined && found.origin.message < before);
    return seen && { kind: 'time', place: seen };
  }

  #named(date: string, before: number): Seen | undefined {
    const open = [`-${date.slice(4)}`, `---${date.slice(8)}`];
    const keys = [date, ...(this.#isNear(date) ? open : [])];
    const found = keys.map((key) => this.#full(key, before)).find((seen) => seen !== undefined);
    return found?.dates.some((said) => mayBeDate(said, date)) ? found : undefined;
  }

  /** Without a year a date is of this year or one beside it, where the conversation tells what day it is. */
  #isNear(date: string): boolean {
    const { reference } = this;
    if (reference === null) return true;
    return Math.abs(Number(date.slice(0, 4)) - Number(reference.slice(0, 4))) <= 1;
  }

  #full(key: string, before: number): Seen | undefined {
    const seen = this.#read().get(key);
    return seen !== undefined && seen.origin.message < before ? seen : undefined;
  }

  #read(): Map<string, Seen> {
    if (this.#byDate !== undefined) return this.#byDate;
    const byDate = new Map<string, Seen>();
    this.#byDate = byDate;
    this.#reference = referenceOf(this.#sight);
    for (const origin of this.#sight.origins()) {
      for (const moment of momentsOf(origin, this.#reference)) {
        const seen = { ...moment, origin };
        for (const date of moment.dates) if (!byDate.has(date)) byDate.set(date, seen);
        const time = moment.time?.slice(0, 5);
        if (time !== undefined && !this.#byTime.has(time)) this.#byTime.set(time, seen);
      }
    }
    return byDate;
  }
}

/** Blanks and hyphens of typesetters as those of keyboards, at the same offsets. */
function plainSigns(text: string): string {
  return text.replace(/[\u00a0\u2002-\u200a\u202f]/g, ' ').replace(/[\u2010-\u2012]/g, '-');
}

/** Most leaves of results are neither dates nor texts. */
function momentsOf({ text, branch }: Origin, reference: string | null): Moment[] {
  if (branch !== undefined && !/\d[-/.:]\d|[a-z] |day|\d ?[ap]m/i.test(text)) return [];
  return momentsIn(plainSigns(text), reference);
}

const NOW = /\b(?:current|today|now|present)\b[^\n]{0,60}/i;

/** The day that the system message calls the current one, or a text after it. */
function referenceOf(sight: Sight): string | null {
  for (const { text } of sight.origins()) {
    const near = text.length > 9 ? NOW.exec(text)?.[0] : undefined;
    const dates = near === undefined ? [] : momentsIn(near).flatMap((moment) => moment.dates);
    const full = dates.find((date) => dayOf(date) !== undefined);
    if (full !== undefined) return full;
  }
  return null;
}
