import { cpf, dniLetter, ibanNumber, luhn, mod1110, modulo } from './checksums.ts';
import type { Finder } from './finder.ts';

// Digits in groups; no line break between groups.
const NATIONAL = [
  '\\d{3}[- ]\\d{2}[- ]\\d{4}',
  '[A-Z]{2} ?\\d{2} ?\\d{2} ?\\d{2} ?[A-D]',
  '(?:\\d{8}|[XYZ]-?\\d{7})-?[A-Z]',
  '\\d{2} ?\\d{3} ?\\d{3} ?\\d{3}',
  '\\d{3}\\.\\d{3}\\.\\d{3}-\\d{2}',
  '[12] ?\\d{2} ?\\d{2} ?\\d[\\dAB] ?\\d{3} ?\\d{3} ?\\d{2}',
].join('|');

// Length of an IBAN by country (the SWIFT registry).
const IBAN_COUNTRIES: Readonly<Record<number, string>> = {
  15: 'NO',
  16: 'BE',
  18: 'DK FI FO GL NL',
  19: 'MK SI',
  20: 'AT BA EE KZ LT LU XK',
  21: 'CH HR LI LV',
  22: 'BG BH CR DE GB GE IE ME RS VA',
  23: 'AE GI IL IQ TL',
  24: 'AD CZ ES MD PK RO SA SE SK TN VG',
  25: 'LY PT ST',
  26: 'IS TR',
  27: 'FR GR IT MC MR SM',
  28: 'AL AZ BY CY DO GT HU LB PL SV',
  29: 'BR EG PS QA UA',
  30: 'JO KW MU',
  31: 'MT SC',
  32: 'LC',
};
const IBAN_FORMS = Object.entries(IBAN_COUNTRIES)
  .map(
    ([length, countries]) =>
      `(?:${countries.replaceAll(' ', '|')})\\d{2}(?: ?[A-Z\\d]){${Number(length) - 4}}`,
  )
  .join('|');

/** Numbers of accounts, cards and persons, the longer forms first. */
export const NUMBER_FINDERS: readonly Finder[] = [
  {
    kind: 'iban',
    pattern: /(?<![A-Za-z\d])[A-Z]{2}\d{2}(?: ?[A-Z\d]){11,30}(?![A-Za-z\d])/g,
    accepts: isIban,
  },
  // By its country's length, where capitals or figures follow it.
  {
    kind: 'iban',
    pattern: new RegExp(`(?<![A-Za-z\\d])(?:${IBAN_FORMS})(?![A-Za-z\\d])`, 'g'),
    accepts: isIban,
  },
  {
    kind: 'card',
    pattern: /(?<![\w.,$€£-])\d(?:[ -]?\d){12,18}(?!\w|[.,-]\d)/g,
    accepts: isCard,
  },
  // In its own groups, where other figures stand beside it; looked for at every place, for the next may be inside.
  {
    kind: 'card',
    pattern:
      /(?<![\w.,$€£-])(?=(?<value>\d{4}(?<gap>[ -])\d{4}\k<gap>\d{4}\k<gap>\d{4}|\d{4}(?<space>[ -])\d{6}\k<space>\d{4,5}|\d{13,19})(?!\w|[.,-]\d))/g,
    accepts: isCard,
  },
  {
    kind: 'national_id',
    pattern: new RegExp(`(?<![\\w.-])(?:${NATIONAL})(?!\\w|[.-]\\d)`, 'g'),
    accepts: isNationalId,
  },
];

/** One digit seven times in a row: nobody's number, and what masks look like. */
const FILLED = /(\d)\1{6}/;

// The numbers that payment services publish for tests, as far as FILLED does not know them.
const TEST_CARDS = new Set(
  '4242424242424242 4000056655665556 5200828282828210 2223003122003222 378282246310005 371449635398431 6011000990139424 3056930009020004 36227206271667 3566002020360505 5105105105105100 4012888888881881 30569309025904 38520000023237 378734493671000 4917610000000000'.split(
    ' ',
  ),
);

// First digits and lengths of the cards in use (ISO/IEC 7812-1): Amex, Diners and JCB, Visa, Mastercard, the others.
const CARD = /^(?:3\d{13,15}|4(?:\d{12}|\d{15}|\d{18})|5\d{15}|2[2-7]\d{14}|6\d{15,18})$/;

/** Whether digits are a payment card's: a known form and Luhn's checksum. */
function isCard(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  return CARD.test(digits) && !FILLED.test(digits) && !TEST_CARDS.has(digits) && luhn(digits);
}

/** Whether letters and digits are an IBAN: 15 to 34 places and the checksum. */
function isIban(text: string): boolean {
  const iban = text.replaceAll(' ', '');
  if (iban.length < 15 || iban.length > 34 || FILLED.test(iban)) return false;
  return modulo(ibanNumber(iban), 97) === 1;
}

/** Whether a text is a national number, by its own form; `before` is the text in front of it. */
function isNationalId(text: string, before: string): boolean {
  const bare = text.replace(/[ .-]/g, '');
  if (/(\d)\1{4}/.test(bare)) return false;
  return FORMS.some((accepts) => accepts(bare, text, before));
}

type Form = (bare: string, text: string, before: string) => boolean;

const FORMS: readonly Form[] = [
  isSocialSecurity,
  isNationalInsurance,
  (bare) =>
    /^(?:\d{8}|[XYZ]\d{7})[A-Z]$/.test(bare) && dniLetter(bare.slice(0, -1)) === bare.at(-1),
  isGermanTax,
  (bare, text) => /^\d{3}\.\d{3}\.\d{3}-\d{2}$/.test(text) && cpf(bare),
  isFrench,
];

/** Areas 000, 666 and 900 up, group 00 and serial 0000 are never given out; two numbers are known from advertising. */
function isSocialSecurity(bare: string, text: string, before: string): boolean {
  if (!/^\d{3}([- ])\d{2}\1\d{4}$/.test(text)) return false;
  if (text.includes(' ') && !/\b(?:ssn|social security)\b/i.test(before)) return false;
  if (/^(?:000|666|9)|^\d{3}00|0000$/.test(bare)) return false;
  return !['078051120', '219099999'].includes(bare);
}

/** The prefixes that HMRC does not give out make no number; QQ 12 34 56 C is its own example. */
function isNationalInsurance(bare: string): boolean {
  return (
    /^[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]$/.test(bare) &&
    !/^(?:BG|GB|KN|NK|NT|TN|ZZ)/.test(bare)
  );
}

/** Eleven digits are common, so the checksum counts only after words that announce the number, or in its groups. */
function isGermanTax(bare: string, text: string, before: string): boolean {
  if (!/^[1-9]\d{10}$/.test(bare) || mod1110(bare.slice(0, 10)) !== Number(bare[10])) return false;
  const isAnnounced =
    /\b(?:tax|steuer|tin|idnr|identifikationsnummer|steuer-?id)\b[^\d\n]{0,30}$/i.test(before);
  return isAnnounced || /^\d{2} \d{3} \d{3} \d{3}$/.test(text);
}

/** Sex, year, month, department, town and order, then 97 less the remainder; 2A and 2B are Corsica. */
function isFrench(bare: string): boolean {
  if (!/^[12]\d{2}(?:0[1-9]|1[0-2])(?:\d{2}|2[AB])\d{8}$/.test(bare)) return false;
  const number = bare.slice(0, 13).replace('2A', '19').replace('2B', '18');
  return 97 - modulo(number, 97) === Number(bare.slice(13));
}
