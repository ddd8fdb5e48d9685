import { snakeCase } from './argument-kind.ts';
import type { Place } from './phrase-index.ts';
import type { Sight } from './sight.ts';
import { wordsOf } from './words.ts';

export interface TextMatch {
  kind: 'exact' | 'normalised' | 'joined';
  place: Place;
}

/** Finds where a text came from: as it is, with other case, spaces and punctuation, or put together. */
export function matchText(
  value: string,
  key: string,
  sight: Sight,
  before: number,
): TextMatch | undefined {
  const place = sight.phrase(value, before);
  if (place !== undefined) {
    const { origin, start, end } = place;
    const exact = origin.text.slice(start, end) === value.trim();
    return { kind: exact ? 'exact' : 'normalised', place };
  }
  const joined = joinedWords(value, sight, before) ?? withoutPrefix(value, key, sight, before);
  return joined && { kind: 'joined', place: joined };
}

/** `MiaLi` of "Mia Li": one word that is two words of a text. */
function joinedWords(value: string, sight: Sight, before: number): Place | undefined {
  const [word, ...others] = wordsOf(value).words;
  if (word === undefined || others.length > 0 || word.length < 4 || word.length > 40)
    return undefined;
  for (let at = 2; at <= word.length - 2; at += 1) {
    const place = sight.words([word.slice(0, at), word.slice(at)], before);
    if (place !== undefined) return place;
  }
  return undefined;
}

/** `card_6789` of "the card 6789": the key's own word before what was said; `W123` of "#123" is none. */
function withoutPrefix(
  value: string,
  key: string,
  sight: Sight,
  before: number,
): Place | undefined {
  const { words, glued } = wordsOf(value);
  const [first, ...rest] = words;
  if (first === undefined || rest.length === 0 || glued[1] === true) return undefined;
  if (!snakeCase(key).split('_').includes(first)) return undefined;
  const tail = value.slice(wordsOf(value).ends[0]);
  return tail.replace(/[^\p{L}\p{N}]/gu, '').length >= 3 ? sight.words(rest, before) : undefined;
}
