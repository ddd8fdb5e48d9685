import { dniLetter, ibanCheck, luhn, mod1110 } from './checksums.ts';
import type { RowValue } from './of-row.ts';

/** How a value is found wherever it is written, and what takes the place of its letters and digits. */
export interface StandIn {
  pattern: RegExp;
  /** An e-mail address's whole text; of a number its letters and digits, which keep their grouping. */
  text: string;
  grouped: boolean;
}

/**
 * The stand-ins of a row's values: reserved examples of the same form, so that schemas and other checks take them
 * (the checksums of cards, IBANs, DNIs and NIEs hold). Equal values have equal stand-ins, different ones different (of
 * numbers, up to 100 of a kind in a row). A masked text has no personal data left to find.
 */
export function standInsFor(values: readonly RowValue[]): StandIn[] {
  const counts = new Map<string, number>();
  return values.map((value) => {
    const ordinal = counts.get(value.kind) ?? 0;
    counts.set(value.kind, ordinal + 1);
    return standInFor(value, ordinal);
  });
}

function standInFor({ kind, key }: RowValue, ordinal: number): StandIn {
  const two = String(ordinal % 100).padStart(2, '0');
  switch (kind) {
    case 'email':
      return { pattern: literal(key), text: `person${ordinal + 1}@example.com`, grouped: false };
    case 'phone':
      // The last seven digits are the subscriber's; the country and the area stay.
      return { pattern: grouped(key.slice(-7), ''), text: `55501${two}`, grouped: true };
    case 'card':
      return whole(key, cardOf(key.length, two));
    case 'iban':
      return whole(key, ibanOf(key, two));
    case 'national_id':
      return whole(key, nationalOf(key, two));
  }
}

function whole(key: string, text: string): StandIn {
  return { pattern: grouped(key, startOf('\\p{L}\\d')), text, grouped: true };
}

function literal(address: string): RegExp {
  const escaped = address.replace(/[.+'%-]/g, (sign) => `\\u{${sign.charCodeAt(0).toString(16)}}`);
  return new RegExp(
    `${startOf("\\p{L}\\d._%+'-")}${escaped}(?![\\p{L}\\d-]|\\.[\\p{L}\\d])`,
    'giu',
  );
}

/** Nothing of a class in front; the letter of an escape (\\n) in JSON text is no letter. */
function startOf(signs: string): string {
  return `(?:(?<![${signs}])|(?<=\\\\[nrt]))`;
}

const GROUPING = '[ ./()\\u00a0\\u2010-\\u2013-]{0,2}';

/** The letters and digits with whatever groups them, on one line. */
function grouped(key: string, before: string): RegExp {
  return new RegExp(`${before}${[...key].join(GROUPING)}(?![\\p{L}\\d])`, 'giu');
}

function cardOf(length: number, two: string): string {
  const head = `4${'0'.repeat(length - 4)}${two}`;
  return withLast(head, (digits) => luhn(digits));
}

function withLast(head: string, holds: (digits: string) => boolean): string {
  const last = [...'0123456789'].find((digit) => holds(head + digit)) ?? '0';
  return head + last;
}

/** Country and bank letters stay. */
function ibanOf(key: string, two: string): string {
  const country = key.slice(0, 2);
  const account = `${key.slice(4, -2).replace(/\d/g, '0')}${two}`;
  return `${country}${ibanCheck(country, account)}${account}`;
}

/** By the form of the number: numbers that no office gives out. */
function nationalOf(key: string, two: string): string {
  if (/^[XYZ]?\d+[A-Z]$/.test(key)) {
    const number = `${key.slice(0, 1).replace(/\d/, '0')}${'0'.repeat(key.length - 4)}${two}`;
    return number + dniLetter(number);
  }
  if (/^[A-Z]{2}/.test(key)) return `QQ0000${two}${key.slice(-1)}`;
  if (key.length === 9) return `6660000${two}`;
  const head = `1${'0'.repeat(key.length - 4)}${two}`;
  return key.length === 11 ? head + String(mod1110(head)) : `${head}0`;
}
