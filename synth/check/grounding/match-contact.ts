import type { Place } from './phrase-index.ts';
import type { Sight } from './sight.ts';

const PHONE = /\+?\d[\d ()./-]{5,30}\d/g;

/** Finds telephone numbers by their digits alone, however they are grouped. */
export class PhoneBook {
  readonly #sight: Sight;
  #byDigits: Map<string, Place> | undefined;

  constructor(sight: Sight) {
    this.#sight = sight;
  }

  match(value: string, before: number): Place | undefined {
    const digits = value.replace(/\D/g, '');
    if (digits.length < 7) return undefined;
    const place = this.#read().get(digits);
    return place !== undefined && place.origin.message < before ? place : undefined;
  }

  #read(): Map<string, Place> {
    if (this.#byDigits !== undefined) return this.#byDigits;
    this.#byDigits = new Map();
    for (const origin of this.#sight.origins()) {
      for (const match of origin.text.matchAll(PHONE)) {
        const digits = match[0].replace(/\D/g, '');
        const place = { origin, start: match.index, end: match.index + match[0].length };
        if (!this.#byDigits.has(digits)) this.#byDigits.set(digits, place);
      }
    }
    return this.#byDigits;
  }
}
