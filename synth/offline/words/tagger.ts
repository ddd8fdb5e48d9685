import nlp from 'compromise/two';

const known = new Map<string, boolean>();
const CAPACITY = 20_000;

/**
 * Whether the last word of a phrase can be a noun where an article stands before it: compromise tells
 * "the average" and "the slightly larger" from "the average monthly spend".
 */
export function endsInNoun(phrase: string): boolean {
  const cached = known.get(phrase);
  if (cached !== undefined) return cached;
  const tags: Set<string> = new Set(lastTags(`the ${phrase} is there`, phrase.split(' ').length));
  const isParticiple = tags.has('PastTense') || tags.has('Participle');
  const answer =
    !isParticiple &&
    !['Adjective', 'Adverb', 'Preposition', 'Pronoun', 'Value', 'Conjunction'].some((tag) =>
      tags.has(tag),
    );
  if (known.size >= CAPACITY) known.clear();
  known.set(phrase, answer);
  return answer;
}

function lastTags(sentence: string, position: number): string[] {
  // compromise's own types leave the shape of json() open.
  const parsed: { terms?: { tags?: string[] }[] }[] = nlp(sentence).json();
  return parsed[0]?.terms?.[position]?.tags ?? [];
}
