import type { Conversation } from '../../../core/conversation.ts';
import { NUMBER_PATTERN, numberValue } from '../words/grammar.ts';

const NUMBER = new RegExp(`(?<![\\w])(?:${NUMBER_PATTERN})(?![\\w]*\\d)`, 'gi');

/** What has been said and returned up to a message, for looking up where a value comes from. */
export class Evidence {
  #text = '';
  readonly #numbers = new Set<number>();

  /** Adds a text; its numbers count in digits and in words. */
  add(text: string): void {
    this.#text += `\n${normal(text)}`;
    for (const number of numbersIn(text)) this.#numbers.add(number);
  }

  hasText(value: string): boolean {
    const wanted = normal(value);
    if (this.#text.includes(wanted)) return true;
    const words = wanted.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 2);
    const isPhrase = words.length > 1 && !/\d/.test(wanted);
    return (isPhrase && words.every((word) => this.#text.includes(word))) || this.#hasDate(value);
  }

  /** Whether a number was given, or is the sum, difference or product of two that were. */
  hasNumber(value: number): boolean {
    if (this.#numbers.has(value)) return true;
    for (const one of this.#numbers) {
      if (one === 0) continue;
      if (this.#numbers.has(value - one) || this.#numbers.has(value + one)) return true;
      if (Math.abs(one) > 1 && this.#numbers.has(value / one)) return true;
    }
    return false;
  }

  /** Whether a number was said as it is. */
  saysNumber(value: number): boolean {
    return this.#numbers.has(value);
  }

  #hasDate(value: string): boolean {
    const [, month, day] = /^\d{4}-(\d{2})-(\d{2})$/.exec(value) ?? [];
    if (month === undefined || day === undefined) return false;
    const name = MONTHS[Number(month) - 1] ?? '';
    return new RegExp(
      `\\b${Number(day)}(?:st|nd|rd|th)? (?:of )?${name}|${name} ${Number(day)}\\b`,
    ).test(this.#text);
  }
}

const MONTHS =
  'january february march april may june july august september october november december'.split(
    ' ',
  );

function normal(text: string): string {
  return text.toLowerCase().replace(/\s+/g, ' ').trim();
}

/** The numbers of a text that stand alone, not those inside references such as B-14. */
export function numbersIn(text: string): number[] {
  return Array.from(text.matchAll(NUMBER)).flatMap(({ 0: word, index }) => {
    const before = text.slice(Math.max(0, index - 2), index);
    const isInside = /[\p{L}\d][-_./:]$|[-_]$/u.test(before) && !/\s/.test(before.slice(-1));
    const value = isInside ? undefined : numberValue(word);
    return value === undefined ? [] : [value];
  });
}

/** Each message with the evidence of all before it. */
export function withEvidence({
  messages,
}: Conversation): { index: number; message: Conversation['messages'][number]; before: Evidence }[] {
  let gathered = '';
  return messages.map((message, index) => {
    const before = new Evidence();
    before.add(gathered);
    gathered += `\n${message.content ?? ''}`;
    return { index, message, before };
  });
}
