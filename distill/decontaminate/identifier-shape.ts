/**
 * How much a text that stands in a benchmark's data tells where it is met again: `specific` is what no chance makes
 * (a name with a number of four random digits, a long number, a mixed code), `short` what chance seldom makes, null
 * what says nothing (a word, a date, a year, a counted name, `card_1234`).
 */
export function identifierShape(text: string): 'specific' | 'short' | null {
  const bare = normalIdentifier(text);
  if (bare.length < 4 || !/^[a-z0-9_@.+-]+$/.test(bare) || isDateOrDecimal(bare)) return null;
  if (/^\+?[\d-]+$/.test(bare)) return shapeOfNumber(bare);
  const name = bare.replace(FILE_ENDING, '').replace(/@[\w-]+(\.[\w-]+)+$/, '');
  const longest = Math.max(0, ...randomRuns(name).map((run) => run.length));
  if (longest >= 4 || name.split(/[_.+-]/).some(isMixedCode)) return 'specific';
  return isShortCode(text) ? 'short' : null;
}

const FILE_ENDING = /\.(?=[a-z])[a-z0-9]{1,4}$/;

/** The form in which identifiers are compared: without a mark before it (`#W123`, `@name1`), a full stop after it, and capitals. */
export function normalIdentifier(text: string): string {
  return text
    .replace(/^[#@.+_-]+/, '')
    .replace(/[.+_-]+$/, '')
    .toLowerCase();
}

const DATE_OR_DECIMAL =
  /^\d{1,4}-\d{1,2}(-\d{1,4})?$|^-?\d+(\.\d+)+$|^(19|20)\d{2}[01]\d[0-3]\d$|^\d{4}-\d\d-\d\dt/;

function isDateOrDecimal(text: string): boolean {
  return DATE_OR_DECIMAL.test(text);
}

/** Hyphens make a telephone number, which people invent alike, unless it is as long as a card's. */
function shapeOfNumber(text: string): 'specific' | 'short' | null {
  const digits = text.replace(/\D/g, '');
  if (isCounted(digits) || digits.length < 7) return null;
  return text === digits || digits.length >= 14 ? 'specific' : 'short';
}

/** Runs of digits that are no year and that nobody would count or repeat. */
function randomRuns(text: string): string[] {
  const runs: string[] = text.match(/\d+/g) ?? [];
  return runs.filter((run) => !/^(19|20)\d{2}$/.test(run) && !isCounted(run));
}

/** 1234, 98765, 0000, 001, 1000, 12345678 and what is mostly made of such a run. */
function isCounted(digits: string): boolean {
  if (/^0+\d{0,2}$/.test(digits) || /^\d{1,2}0+$/.test(digits)) return true;
  if (digits.length === 1) return false;
  let regular = 0;
  for (let index = 1; index < digits.length; index += 1) {
    const step = Number(digits[index]) - Number(digits[index - 1]);
    if (Math.abs(step) <= 1 || step === -9) regular += 1;
  }
  return regular >= (digits.length - 1) * 0.75;
}

/** Letters and digits that change places at least twice, such as `s61czx` and `a6a7d745b2`. */
function isMixedCode(text: string): boolean {
  if (text.length < 6 || /abc|xyz|123/.test(text)) return false;
  return (text.match(/[a-z](?=[0-9])|[0-9](?=[a-z])/g) ?? []).length >= 2;
}

/** Capitals and then digits, as a flight or a booking has: `HAT178`, `EHGLP3`. */
function isShortCode(text: string): boolean {
  const digits = /^#?[A-Z]{1,5}(\d{1,5})$/.exec(text)?.[1];
  return digits !== undefined && text.length >= 6 && !isCounted(digits);
}
