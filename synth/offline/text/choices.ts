import { singular } from '../words/grammar.ts';
import { nameOf, nounPhraseAt, nounPhraseBefore } from './noun-phrase.ts';
import type { Sentence } from './sentences.ts';
import { tokenise } from './tokens.ts';

/** Alternatives that the text lists: the parameter that chooses among them and their names. */
export interface Choice {
  parameter: string;
  description: string;
  options: string[];
  sentence: number;
}

const OPTION = "(?:an? |the |by |in |as |with )?([\\p{L}][\\p{L}\\d'’ -]{1,28}?)";
const LIST = `${OPTION}(?:, ${OPTION})?(?:, ${OPTION})?,? (?:or|and) ${OPTION}`;
const FORMS: readonly RegExp[] = [
  new RegExp(
    `\\b(?:choose|choice|decide|select|pick)s? (?:between|from) ${LIST}(?=[.,;:)]|$)`,
    'iu',
  ),
  new RegExp(`\\beither ${LIST.replace('(?:or|and)', 'or')}(?=[.,;:)]|$)`, 'iu'),
  new RegExp(`(?<noun>\\p{L}+ ?\\p{L}*)(?:: | \\()${LIST}(?=[.;)]|$)`, 'iu'),
];
const WEAK_OPTION =
  /\b(?:is|are|was|has|have|must|can|may|will|not|you|it|they|we|if|that|which|the|more|less|other|than|to|of|at|for|from|both|all|only|then)\b/i;

/** The closed lists of a passage: "between a refund and a voucher", "sizes: small, medium or large". */
export function findChoices(sentences: readonly Sentence[]): Choice[] {
  const choices: Choice[] = [];
  for (const [index, sentence] of sentences.entries()) {
    for (const form of FORMS) {
      const match = form.exec(sentence.text);
      if (match === null) continue;
      const choice = choiceOf(match, sentence.text);
      if (choice !== undefined) choices.push({ ...choice, sentence: index });
      break;
    }
  }
  return choices;
}

function choiceOf(match: RegExpExecArray, text: string): Omit<Choice, 'sentence'> | undefined {
  const noun = match.groups?.noun;
  const options = match
    .slice(1)
    .filter((option, index) => option !== undefined && !(noun !== undefined && index === 0))
    .map((option) => option.trim().replace(/\s+/g, ' '));
  if (options.length < 2 || options.some((option) => !isOption(option))) return undefined;
  if (new Set(options).size < options.length) return undefined;
  const named = noun === undefined ? undefined : categoryBefore(text, match.index + noun.length);
  if (noun !== undefined && named === undefined) return undefined;
  const label = named ?? 'option';
  return {
    parameter: nameOf({ text: label, head: label }),
    description: `The ${label} wanted`,
    options,
  };
}

function isOption(option: string): boolean {
  return (
    option.split(' ').length <= 3 &&
    !WEAK_OPTION.test(option) &&
    nounPhraseAt(tokenise(option), 0) !== undefined
  );
}

function categoryBefore(text: string, end: number): string | undefined {
  const tokens = tokenise(text.slice(0, end));
  const noun = nounPhraseBefore(tokens, tokens.length);
  if (noun === undefined || !noun.plural) return undefined;
  return noun.text.replace(/\S+$/, (head) => singular(head)).toLowerCase();
}
