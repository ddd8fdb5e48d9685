import { agree, type Fact, saysSame } from './facts.ts';
import { fold } from './fold.ts';
import { readSentences, type Sentence } from './sentences.ts';

/** How alike sentences must be to be looked at. */
const NEAR = 0.3;
/** The weight of a word that two sentences have. */
const RARE = 0.7;

/** A text that others are held against, read once. */
export class Source {
  readonly text: string;
  readonly sentences: readonly Sentence[];
  /** Its words, for quotes (fold.ts). */
  readonly folded: string;
  readonly #weights = new Map<string, number>();
  readonly #factSentences: readonly Sentence[];

  constructor(text: string) {
    this.text = text;
    this.sentences = readSentences(text);
    this.folded = fold(text);
    for (const { words } of this.sentences) {
      for (const word of words) this.#weights.set(word, (this.#weights.get(word) ?? 0) + 1);
    }
    for (const [word, count] of this.#weights) this.#weights.set(word, 1 / Math.sqrt(count));
    this.#factSentences = this.sentences.filter(({ facts }) => facts.length > 0);
  }

  /** Whether any place says this fact, or its digits at least. */
  states(fact: Fact): boolean {
    const isStated = this.#factSentences.some(({ facts }) =>
      facts.some(
        (other) => agree(fact, other) || (fact.values.length === 1 && isSideOf(fact, other)),
      ),
    );
    return isStated || (fact.values.length < 2 && hasDigits(this.text, fact.text));
  }

  /** Whether a sentence stands in the source word for word. */
  hasSentence(text: string): boolean {
    return this.folded.includes(fold(text));
  }

  /** Whether any place says it of the same kind of thing. */
  repeats(fact: Fact): boolean {
    return this.#factSentences.some(({ facts }) => facts.some((other) => saysSame(fact, other)));
  }

  /** How much a sentence is about what one of the source's is, from 0 to 1. */
  similarity(words: ReadonlySet<string>, other: ReadonlySet<string>): number {
    let shared = 0;
    let count = 0;
    for (const word of words) {
      if (!other.has(word)) continue;
      shared += this.#weight(word);
      count += 1;
    }
    if (count === 0) return 0;
    const least = Math.min(this.#total(words), this.#total(other));
    const score = shared / Math.max(least, 1e-9);
    if (count > 1 || Math.max(words.size, other.size) === 1) return score;
    // One word in common says little, unless there is no more to say, and few sentences have it.
    return words.size === 1 && shared >= RARE ? score * 0.6 : 0;
  }

  #weight(word: string): number {
    return this.#weights.get(word) ?? 0.7;
  }

  #total(words: ReadonlySet<string>): number {
    let total = 0;
    for (const word of words) total += this.#weight(word);
    return total;
  }

  /** The places that could speak of what a sentence does, the likeliest first. */
  near(words: ReadonlySet<string>): { sentence: Sentence; score: number }[] {
    return this.#factSentences
      .map((sentence) => ({ sentence, score: this.similarity(words, sentence.words) }))
      .filter(({ score }) => score >= NEAR)
      .sort((a, b) => b.score - a.score)
      .slice(0, 12);
  }
}

/** Whether a bare number is one of the sides of a pair. */
function isSideOf(fact: Fact, other: Fact): boolean {
  if (other.values.length < 2) return false;
  return (
    other.values.some((value) => value === fact.values[0]) ||
    other.plain.some((value) => value === fact.plain[0])
  );
}

/** Whether the digits of a fact stand in a text as a number of their own, whatever surrounds them. */
function hasDigits(text: string, written: string): boolean {
  const digits = /\d[\d.,:]*\d|\d/.exec(written)?.[0];
  if (digits === undefined) return false;
  for (let at = text.indexOf(digits), tries = 0; at >= 0 && tries < 50; tries += 1) {
    const before = text[at - 1] ?? ' ';
    const after = text.slice(at + digits.length, at + digits.length + 2);
    if (!/[\d.,]/.test(before) && !/^\d|^[.,]\d/.test(after)) return true;
    at = text.indexOf(digits, at + 1);
  }
  return false;
}
