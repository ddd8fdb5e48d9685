import { type Sentence, stemOf, wordsOf } from './sentences.ts';
import type { Source } from './source.ts';

/** Who a rule is for by its own words and who by the source's. */
export interface OtherAudience {
  said: string;
  saidIn: Sentence;
  source: string;
  sourceIn: Sentence;
}

/** How alike sentences that say who something is for must be in the rest of their words. */
const ALIKE = 0.6;
const NAME = String.raw`((?:[\p{L}-]{2,20} ){0,2}[\p{L}-]{3,20})`;
const ONLY = [
  new RegExp(
    String.raw`\bonly ${NAME} (?:may|can|are|is|have|has|will|must|qualify|get|receive)\b`,
    'iu',
  ),
  new RegExp(
    String.raw`\b(?:only (?:available|open|offered) to|(?:available|open|offered) (?:only|exclusively) to|(?:reserved|restricted|limited) (?:to|for)|for) ${NAME}(?: only\b|[.,;]|$)`,
    'iu',
  ),
];
/** Words that may stand in such a place and name nobody. */
const NOBODY =
  /^(?:one|two|three|four|five|six|people|those|this|that|these|you|it|they|them|persons?|items?|once|if|when|after)$/i;

/** Sentences that reserve something for others than the source does: only guests, where it has only members. */
export function otherAudiences(sentences: readonly Sentence[], source: Source): OtherAudience[] {
  const rules = sentences.flatMap((saidIn) => audienceOf(saidIn));
  if (rules.length === 0) return [];
  const told = source.sentences.flatMap((sourceIn) => audienceOf(sourceIn));
  return rules.flatMap(({ name, rest, sentence: saidIn }): OtherAudience[] => {
    if (told.length === 0 || source.hasSentence(saidIn.text)) return [];
    const near = told
      .map((one) => ({ ...one, score: source.similarity(rest, one.rest) }))
      .filter(({ score }) => score >= ALIKE)
      .sort((a, b) => b.score - a.score);
    const [best] = near;
    if (best === undefined || near.some((one) => shareWord(one.name, name))) return [];
    // Who the source names beside it may be meant by another word of its own.
    if (shareWord(best.sentence.text, name)) return [];
    return [{ said: name, saidIn, source: best.name, sourceIn: best.sentence }];
  });
}

function audienceOf(
  sentence: Sentence,
): { name: string; rest: ReadonlySet<string>; sentence: Sentence }[] {
  const name = ONLY.map((pattern) => pattern.exec(sentence.text.slice(0, 1500))?.[1]).find(
    (found) => found !== undefined && !NOBODY.test(found),
  );
  if (name === undefined) return [];
  const own = wordsOf(name);
  const rest = new Set([...sentence.words].filter((word) => !own.has(word)));
  return own.size === 0 || rest.size < 2 ? [] : [{ name, rest, sentence }];
}

function shareWord(text: string, name: string): boolean {
  const words = new Set([...wordsOf(text)].map(stemOf));
  return [...wordsOf(name)].some((word) => words.has(stemOf(word)));
}
