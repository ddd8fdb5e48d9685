import type { Dimension } from './quantities-units.ts';
import { toBase, type Unit, unitAt, unitOf } from './quantities-units.ts';
import { numberWordsIn, scaleOf } from './quantities-words.ts';

/** A number in a text, with its unit where one is written. Offsets are of UTF-16 units, `end` exclusive. */
export interface Quantity {
  start: number;
  end: number;
  /** The number as written, a scale word (`2 million`) counted in. */
  value: number;
  /** Normalised: `kg`, `cm`, `day`, `EUR`, `%`, `°C`; null without one. */
  unit: string | null;
  dimension: Dimension | null;
  /** The value in the dimension's base unit (kg, m, s, month, °C ...); `value` itself without a unit. */
  base: number;
  /** The noun right after a number without a unit (`5 passengers`), in small letters; null without one. */
  noun: string | null;
  /** Whether it is written in words; `one` is often none. */
  spelled: boolean;
  /** Whether it is an ordinal: 1st, 22nd. */
  ordinal: boolean;
}

const NUMERAL = /\d+(?:[.,\u00a0\u202f]\d+)*/g;
const FRACTIONS: ReadonlyMap<string, number> = new Map([
  ['½', 0.5],
  ['¼', 0.25],
  ['¾', 0.75],
  ['⅓', 1 / 3],
  ['⅔', 2 / 3],
]);

/**
 * The numbers in a text, in its order, with their units. Digits inside of words and ids (HAT204, card_77),
 * dates, times of day, versions and IP addresses are left out. Linear in the text's length.
 */
export function quantitiesIn(text: string): Quantity[] {
  const found: Quantity[] = [];
  for (const match of text.matchAll(NUMERAL)) {
    const quantity = readNumeral(text, match[0], match.index);
    if (quantity !== undefined) found.push(quantity);
  }
  for (const { start, end, value } of numberWordsIn(text)) {
    const article = value === 0.5 ? /^ an?(?= )/.exec(text.slice(end, end + 4)) : null;
    const from = end + (article?.[0].length ?? 0);
    const quantity = withUnit(text, { start, end: from, value, spelled: true });
    // "half a" means a number only before a unit: half an hour.
    if (article === null || quantity.unit !== null) found.push(quantity);
  }
  return shareUnits(
    text,
    found.sort((a, b) => a.start - b.start),
  );
}

/**
 * Whether two quantities say the same: equal in the base unit where both have a unit of one dimension,
 * equal numbers where one has none.
 */
export function sameQuantity(
  a: Pick<Quantity, 'value' | 'unit' | 'dimension' | 'base'>,
  b: Pick<Quantity, 'value' | 'unit' | 'dimension' | 'base'>,
): boolean {
  if (a.dimension === null || b.dimension === null) return nearly(a.value, b.value);
  if (a.dimension !== b.dimension) return false;
  if (a.dimension === 'money') return a.unit === b.unit && nearly(a.value, b.value);
  return nearly(a.base, b.base);
}

/** Equality of numbers that went through floating point. */
export function nearly(a: number, b: number): boolean {
  return a === b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}

/**
 * The number that a numeral says: `1,200.50`, `1.200,50`, `1.200.300`, `12,5`; `1.200` is 1.2, as in
 * English. Undefined for what is none (versions, addresses, more than 15 digits).
 */
export function parseNumeral(numeral: string): number | undefined {
  const plain = numeral.replace(/[\u00a0\u202f]/g, '');
  if (plain.length > 30 || plain.replace(/\D/g, '').length > 15) return undefined;
  if (/^\d+(?:\.\d+)?$/.test(plain)) return Number(plain);
  if (/^\d{1,3}(?:,\d{3})+(?:\.\d+)?$|^\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?$/.test(plain))
    return Number(plain.replaceAll(',', ''));
  if (/^\d{1,3}(?:\.\d{3})+,\d+$|^\d{1,3}(?:\.\d{3}){2,}$/.test(plain))
    return Number(plain.replaceAll('.', '').replace(',', '.'));
  return /^\d+,\d{1,2}$/.test(plain) ? Number(plain.replace(',', '.')) : undefined;
}

function readNumeral(text: string, numeral: string, at: number): Quantity | undefined {
  const value = parseNumeral(numeral);
  if (value === undefined) return undefined;
  const end = at + numeral.length;
  const before = text.slice(Math.max(0, at - 5), at);
  if (/[\p{L}_#@\\][-.]?$|\d[-/:.]$|[\p{L}\d][-/:]\d+[-/:]$/u.test(before) && !isMeasure(before))
    return readSecond(text, value, at, end, before);
  const behind = text.slice(end, end + 4);
  if (/^(?::\d|[-/]\d{1,2}[-/]|_)/.test(text.slice(end, end + 5))) return undefined;
  const fraction = FRACTIONS.get(behind.trimStart()[0] ?? '');
  if (fraction !== undefined) {
    const past = end + behind.length - behind.trimStart().length + 1;
    return withUnit(text, { start: at, end: past, value: value + fraction });
  }
  const half = /^\/([2348])(?![\d/])/.exec(behind);
  if (half !== null && value < Number(half[1]))
    return withUnit(text, { start: at, end: end + 2, value: value / Number(half[1]) });
  const start = signedStart(text, at);
  return withUnit(text, { start, end, value: start < at && text[start] !== '+' ? -value : value });
}

/** Whether what stands before a number is a measure (60x) or a currency written to it (EUR-, US$). */
function isMeasure(before: string): boolean {
  return /\d ?[x×]$|\b(?:usd|eur|gbp|chf)$/i.test(before);
}

/** The second number of a range (3-5 days); digits of an id or a date are none. */
function readSecond(
  text: string,
  value: number,
  at: number,
  end: number,
  before: string,
): Quantity | undefined {
  const isRange = /(?:^|[^\d\p{L}_/:.-])\d{1,4}[-–]$/u.test(text.slice(Math.max(0, at - 6), at));
  if (!isRange || !before.endsWith('-') || /^[-/:_]\d/.test(text.slice(end, end + 2)))
    return undefined;
  return withUnit(text, { start: at, end, value });
}

/** A minus is a sign only where nothing stands right before it. */
function signedStart(text: string, at: number): number {
  const sign = text[at - 1];
  if (sign !== '-' && sign !== '−' && sign !== '+') return at;
  return /[\s(["':=]/.test(text[at - 2] ?? ' ') ? at - 1 : at;
}

const PREFIX = /(?:\b(?:EUR|USD|GBP|CHF|JPY|CAD|AUD|INR|CNY|SEK|NOK|DKK|PLN) ?|US\$ ?|[€$£¥₹] ?)$/;

interface Read {
  start: number;
  end: number;
  value: number;
  spelled?: boolean;
}

function withUnit(text: string, { start, end, value, spelled = false }: Read): Quantity {
  const scaled = scaleAt(text, end, value);
  const prefix = PREFIX.exec(text.slice(Math.max(0, start - 4), start));
  const ordinal = !spelled && /^(?:st|nd|rd|th)\b/i.test(text.slice(end, end + 3));
  const found = ordinal ? undefined : unitAt(text, scaled.end);
  const money = prefix === null ? undefined : unitOf(prefix[0].trim());
  const unit: Unit | undefined = money ?? found?.unit;
  return {
    start: money === undefined ? start : start - (prefix?.[0].length ?? 0),
    end: money === undefined && found !== undefined ? found.end : scaled.end + (ordinal ? 2 : 0),
    value: scaled.value,
    unit: unit?.name ?? null,
    dimension: unit?.dimension ?? null,
    base: unit === undefined ? scaled.value : toBase(scaled.value, unit),
    noun: unit === undefined ? nounAt(text, scaled.end + (ordinal ? 2 : 0)) : null,
    spelled,
    ordinal,
  };
}

/** `2 million`, `50k`. */
function scaleAt(text: string, end: number, value: number): { end: number; value: number } {
  const match = /^(?:[ -](hundred|thousand|million|billion|dozen)|(k))\b/i.exec(
    text.slice(end, end + 10),
  );
  if (match === null) return { end, value };
  const scale = match[2] === undefined ? scaleOf(match[1] ?? '') : 1000;
  return { end: end + match[0].length, value: value * (scale ?? 1) };
}

function nounAt(text: string, end: number): string | null {
  return /^[ -](\p{L}{3,24})(?!\p{L})/u.exec(text.slice(end, end + 27))?.[1]?.toLowerCase() ?? null;
}

/** In `3-5 days`, `60 x 70 cm` and `2 or 3 hours` the unit is that of both numbers. */
function shareUnits(text: string, quantities: Quantity[]): Quantity[] {
  for (let index = quantities.length - 2; index >= 0; index -= 1) {
    const current = quantities[index];
    const next = quantities[index + 1];
    if (current === undefined || next === undefined) continue;
    const gap = text.slice(current.end, Math.min(next.start, current.end + 12));
    if (!/^(?: ?[-–x×] ?| (?:to|or|by|and) )$/.test(gap)) continue;
    const unit = current.unit === null && next.unit !== null ? next : undefined;
    const money = next.unit === null && current.dimension === 'money' ? current : undefined;
    if (unit !== undefined) give(current, unit);
    else if (money !== undefined && /[-–]| to /.test(gap)) give(next, money);
  }
  return quantities;
}

function give(to: Quantity, { unit, dimension }: Quantity): void {
  const read = unit === null ? undefined : unitOf(unit);
  if (read === undefined) return;
  to.unit = unit;
  to.dimension = dimension;
  to.base = toBase(to.value, read);
  to.noun = null;
}
