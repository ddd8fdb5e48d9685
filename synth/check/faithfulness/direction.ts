import { type Fact, saysSame } from './facts.ts';
import type { Contradiction } from './match.ts';
import type { Sentence } from './sentences.ts';
import type { Source } from './source.ts';

/** Whether a number is the most or the least that is permitted. */
export type Direction = 'most' | 'least';

/** How alike the sentences must be, and as a share of the likest one those whose agreement counts. */
const ALIKE = 0.5;
const AGREES = 0.6;

const BEFORE: readonly (readonly [RegExp, Direction])[] = [
  [
    /\b(?:at most|up to|no more than|not more than|not exceed|(?:a|the) maximum of|maximum:?)[ (~*]{1,3}$/i,
    'most',
  ],
  [
    /\b(?:at least|no (?:less|fewer) than|not (?:less|fewer) than|(?:a|the) minimum of|minimum:?)[ (~*]{1,3}$/i,
    'least',
  ],
];
const AFTER: readonly (readonly [RegExp, Direction])[] = [
  [/^(?: \p{L}+)? (?:or (?:less|fewer|under|below)|at most|(?:is|as) the maximum)\b/iu, 'most'],
  [/^(?: \p{L}+)? (?:or (?:more|over|above)|at least|(?:is|as) the minimum)\b/iu, 'least'],
];

/** What the words right beside a number make of it; undefined where they do not tell. */
export function directionOf(
  text: string,
  { start, end }: Pick<Fact, 'start' | 'end'>,
): Direction | undefined {
  const before = text.slice(Math.max(0, start - 30), start);
  const after = text.slice(end, end + 40);
  const found = new Set([
    ...BEFORE.filter(([words]) => words.test(before)).map(([, direction]) => direction),
    ...AFTER.filter(([words]) => words.test(after)).map(([, direction]) => direction),
  ]);
  const [only, ...others] = found;
  return others.length === 0 ? only : undefined;
}

/** Numbers that a sentence makes the most and a source the least for the same thing, or the other way round. */
export function turnedLimits(sentence: Sentence, source: Source): Contradiction[] {
  const limits = sentence.facts.flatMap((fact) => {
    const direction = fact.kind === 'date' ? undefined : directionOf(sentence.text, fact);
    return direction === undefined ? [] : [{ fact, direction }];
  });
  if (limits.length === 0 || source.hasSentence(sentence.text)) return [];
  const near = source.near(sentence.words).filter(({ score }) => score >= ALIKE);
  return limits.flatMap(({ fact, direction }): Contradiction[] => {
    const likest = near.find(({ sentence: { facts } }) => facts.some((one) => saysSame(fact, one)));
    if (likest === undefined) return [];
    const told = near
      .filter(({ score }) => score >= likest.score * AGREES)
      .flatMap(({ sentence: sourceIn }) =>
        sourceIn.facts
          .filter((one) => saysSame(fact, one))
          .map((one) => ({ source: one, sourceIn, own: directionOf(sourceIn.text, one) })),
      );
    const [first] = told;
    const isTurned = told.every(({ own }) => own !== undefined && own !== direction);
    if (first === undefined || !isTurned) return [];
    return [{ said: fact, saidIn: sentence, source: first.source, sourceIn: first.sourceIn }];
  });
}
