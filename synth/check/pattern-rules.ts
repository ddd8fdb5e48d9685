import { sentencesOf } from './pattern-row.ts';

/** A sentence of the system message by its numbers and its longer words. */
interface Rule {
  numbers: ReadonlySet<string>;
  words: ReadonlySet<string>;
}

const MAX_RULES = 300;

/** The sentences of a system message as rules. */
export function rulesOf(systemText: string): Rule[] {
  return sentencesOf(systemText)
    .slice(0, MAX_RULES)
    .map((sentence) => readRule(sentence));
}

/**
 * Whether a sentence names one of the rules: a number of the rule and two longer words of it, or four
 * longer words. What has been said already (small letters) does not count.
 */
export function namesRule(sentence: string, rules: readonly Rule[], said: string): boolean {
  const { numbers, words } = readRule(sentence);
  // Looking what has been said up is the costly part, so that it comes last.
  const isNewWord = (word: string): boolean => !said.includes(word);
  const isNewNumber = (number: string): boolean => !hasNumber(said, number);
  return rules.some((rule) => {
    const shared = [...words].filter((word) => rule.words.has(word));
    if (shared.length >= 4 && shared.filter(isNewWord).length >= 4) return true;
    if (shared.length < 2) return false;
    return [...numbers].some((number) => rule.numbers.has(number) && isNewNumber(number));
  });
}

function readRule(sentence: string): Rule {
  const lower = sentence.slice(0, 2000).toLowerCase();
  const numbers = [...(lower.match(/\d+(?:[.,:]\d+)*/g) ?? []), ...spelledNumbers(lower)];
  const words = (lower.match(/\p{L}{5,}/gu) ?? []).map((word) => word.replace(/(?:es|s)$/, ''));
  return { numbers: new Set(numbers), words: new Set(words) };
}

const SPELLED = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');

/** Small numbers in words, but for "one", which is mostly none. */
function spelledNumbers(text: string): string[] {
  return (
    text.match(/\b(?:t(?:wo|hree|en|welve)|f(?:our|ive)|s(?:ix|even)|eight|nine|eleven)\b/g) ?? []
  ).map((word) => String(SPELLED.indexOf(word)));
}

function hasNumber(text: string, number: string): boolean {
  const spelled = SPELLED[Number(number)];
  const at = text.indexOf(number);
  if (at >= 0 && !/\d/.test(`${text[at - 1] ?? ''}${text[at + number.length] ?? ''}`)) return true;
  return spelled !== undefined && text.includes(spelled);
}
