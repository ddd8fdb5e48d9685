import type { Random } from './seed.ts';
import { NAME_SEEDS } from './value-kinds.ts';

/** A parameter as far as its values depend on it. */
export interface ValueOf {
  name: string;
  type: string;
  options?: readonly string[] | undefined;
  low?: number | undefined;
  high?: number | undefined;
  digits?: number | undefined;
}

/** A believable value of a parameter: permitted by its bounds, in the form that its name asks for. */
export function valueFor(parameter: ValueOf, random: Random): string | number | boolean {
  const { name, type, options } = parameter;
  if (options !== undefined && options.length > 0) return random.pick(options);
  if (type === 'boolean') return true;
  if (type === 'integer' || type === 'number') return numberWithin(parameter, random);
  for (const [pattern, make] of NAME_SEEDS) if (pattern.test(name)) return make(random);
  return referenceFor(name, random, parameter.digits);
}

/** A reference number whose letters come from the name: "RC-20417" for receipt_number. */
export function referenceFor(name: string, random: Random, digits?: number): string {
  const stem =
    name
      .replace(/_(?:id|number|code|reference|no)$/, '')
      .split('_')
      .at(-1) ?? name;
  if (digits !== undefined && digits > 3) return digitsOf(random, digits);
  const letters = stem.replace(/[^a-z]/g, '').toUpperCase();
  const consonants = letters.slice(0, 1) + letters.slice(1).replace(/[AEIOU]/g, '');
  const prefix = (consonants.length >= 2 ? consonants : letters).slice(0, 2);
  return `${prefix}-${digitsOf(random, name.endsWith('_id') ? 4 : 5)}`;
}

/** The reference as someone mistypes it: two neighbouring digits swapped, or one changed where all are alike. */
export function mistyped(reference: string, random: Random): string {
  const places = Array.from(reference, (_, index) => index).filter((index) => {
    const [here, next] = [reference[index] ?? '', reference[index + 1] ?? ''];
    return (
      /\d/.test(here) &&
      /\d/.test(next) &&
      here !== next &&
      !(here !== '0' && next === '0' && index === 0)
    );
  });
  if (places.length > 0) {
    const at = random.pick(places);
    return `${reference.slice(0, at)}${reference[at + 1]}${reference[at]}${reference.slice(at + 2)}`;
  }
  return reference.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10));
}

function digitsOf(random: Random, count: number): string {
  const first = String(random.int(1, 9));
  return first + Array.from({ length: count - 1 }, () => String(random.int(0, 9))).join('');
}

function numberWithin({ type, low, high }: ValueOf, random: Random): number {
  if (low === undefined && high === undefined) return random.int(2, 6);
  const bottom = low ?? Math.max(high !== undefined && high > 3 ? Math.ceil(high * 0.4) : 1, 1);
  const top = high ?? bottom + Math.max(2, Math.round(bottom * 0.4));
  if (type === 'number' && (!Number.isInteger(bottom) || !Number.isInteger(top))) {
    return Number((bottom + (top - bottom) * random.pick([0.2, 0.4, 0.6, 0.8])).toFixed(1));
  }
  if (bottom > top) return top;
  const step = top - bottom > 400 ? 50 : top - bottom > 60 ? 5 : 1;
  return Math.min(top, bottom + step * random.int(0, Math.floor((top - bottom) / step)));
}

/** A value just beyond a bound: what someone asks for who does not know the rule. */
export function valueBeyond({ low, high, type }: ValueOf, random: Random): number | undefined {
  if (high !== undefined) {
    const step = high >= 200 ? 50 : high >= 40 ? 5 : 1;
    const beyond = Math.floor(high) + step * random.int(1, high > 4 ? 3 : 2);
    return type === 'number' && !Number.isInteger(high) ? beyond : Math.round(beyond);
  }
  if (low === undefined || low < 2) return undefined;
  const step = low >= 200 ? 50 : low >= 40 ? 5 : 1;
  return Math.max(1, Math.ceil(low) - step * random.int(1, low > 4 ? 3 : 1));
}
