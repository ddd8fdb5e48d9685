import { VERBS } from '../words/verbs.ts';
import type { Sentence } from './sentences.ts';

/** A sentence, or a clause that can stand alone, that states a rule. */
export interface Rule {
  /** As a sentence: blanks joined, a capital first, a full stop at the end. */
  rule: string;
  /** The passage's own words: a substring of it. */
  quote: string;
  sentence: number;
  /** How much it matters: limits and prohibitions first. */
  weight: number;
}

const NORM =
  /\b(?:must|may not|cannot|can't|must not|only|never|unless|except|at most|at least|no more than|up to|within|required|not (?:allowed|possible|permitted|accepted|refunded)|refused|limited|maximum|minimum|before|until|no later|provided|final|need(?:s|ed)? to|have to|has to|should|do not|don't|always|make sure|ensure)\b/i;
const HARD = /\b(?:cannot|never|not|only|final|refused|must)\b/i;
const FINAL =
  /\b(?:cannot be (?:undone|reversed|changed|revoked|restored|recovered|turned back)|irreversible|permanent(?:ly)?|final|non-refundable|for good)\b/i;
const FRAGMENT =
  /^(?:only|up to|until|from|within|for|by|at|on|between|about|around|after|before|as|with|[A-Z]{3} \d|[$€£]|\d)/i;
const HANGING =
  /^(?:yes|no(?=,)|it|they|this|these|those|that|he|she|him|her|his|its|them|there|then|after that|otherwise|such|both|neither|what|so|but|and|or|here|either|also|again|someone else|in that case|with that|all (?:two|three|four|five|of)|the latter|the former|until then|one of them)\b/i;

/** The rules that the passage states, in the order of the text. */
export function findRules(sentences: readonly Sentence[]): Rule[] {
  return sentences.flatMap((sentence, index) => {
    if (sentence.kind === 'heading' || sentence.text.endsWith('?')) return [];
    const answers = sentences[index - 1]?.text.endsWith('?') === true;
    return clauses(sentence.text)
      .filter((clause) => NORM.test(clause) || /\d/.test(clause))
      .filter(
        (clause) =>
          standsAlone(clause) &&
          says(clause) &&
          !(answers && FRAGMENT.test(clause)) &&
          clause.split(/\s+/).length >= 4,
      )
      .map((clause) => ({
        rule: asSentence(clause),
        quote: clause,
        sentence: index,
        weight: weigh(clause),
      }));
  });
}

/** Whether a passage says of something that it cannot be taken back. */
export function isFinal(text: string): boolean {
  return FINAL.test(text);
}

/** Whether a clause needs nothing before it to be understood. */
function standsAlone(clause: string): boolean {
  if (
    HANGING.test(clause) ||
    /^(?:\S+ ){0,3}(?:those|these|such|this|the latter|the former)\b/i.test(clause)
  )
    return false;
  if (
    /\bthere (?:is|are) none\b|\bthat (?:time|day|case|date|way|point|week|month|period)\b/i.test(
      clause,
    )
  )
    return false;
  return !(/\b(?:it|them|they|ones)\b/i.test(clause) && clause.split(/\s+/).length < 9);
}

const FINITE =
  /\b(?:is|are|was|were|has|have|must|may|can|will|shall|should|costs|takes?|lasts|begins?|ends|pays|holds|closes|opens|stays|needs?|goes|counts|applies|apply|expires?|includes?|requires?|remains?|stands|comes?|keeps|runs?|ask|pay)\b/i;

/** Whether a clause says something: it has a finite verb or gives an order. An entry of a list has neither. */
function says(clause: string): boolean {
  const first = /^[A-Za-z-]+/.exec(clause)?.[0].toLowerCase() ?? '';
  if (VERBS.has(first) || FINITE.test(clause)) return true;
  return /^(?:do|don't|never|always|only|ask|make sure|ensure)\b/i.test(clause);
}

function weigh(clause: string): number {
  const limits = NORM.test(clause) ? 2 : 0;
  return (
    limits +
    (/\d/.test(clause) ? 2 : 0) +
    (HARD.test(clause) ? 1 : 0) +
    (isFinal(clause) ? 2 : 0) -
    clause.length / 90
  );
}

/** A long sentence in the parts between semicolons, which stand alone; a short one whole. */
function clauses(text: string): string[] {
  const bare = text.trim();
  if (bare.endsWith(':') || bare.length > 260)
    return splitAt(bare).filter((part) => part.length < 220 && !part.endsWith(':'));
  return bare.length > 90 ? splitAt(bare) : [bare];
}

function splitAt(text: string): string[] {
  return text
    .split(/;\s+|(?<=[a-z]), (?:and|but) (?=(?:the|a|an|you|we|no|every|each)\b)/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function asSentence(clause: string): string {
  const plain = clause.replace(/\s+/g, ' ').replace(/[,;:]$/, '');
  const text = plain.replace(/^(?:note|tip|important|warning|caution): /i, '');
  const begun = text.slice(0, 1).toUpperCase() + text.slice(1);
  return /[.!]["')]?$/.test(begun) ? begun : `${begun}.`;
}
