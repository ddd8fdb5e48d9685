import { snake } from '../words/grammar.ts';
import { DETERMINERS, STOPS } from '../words/nouns.ts';

/** What the text calls an identifier that a person gives: "receipt number". */
export interface Identifier {
  /** "receipt number" */
  label: string;
  parameter: string;
  /** What it identifies: "receipt". */
  noun: string;
  /** How many digits the text says it has, where it does. */
  digits: number | undefined;
  /** How often the text names it. */
  count: number;
}

const FORM =
  /(?:\b(\d{1,2})-digit )?\b((?:[a-z]+[ -]){0,1}[a-z]{3,}) (number|reference|code|ID)\b/gi;
const NOT_KEYS =
  /\b(?:phone|telephone|model|page|version|maximum|minimum|total|large|small|certain|same|high|low|house|street|line|good|area|country|exact|right|wrong|source|dress|promo|discount|postal|zip|great|limited|whole|mobile|fax|odd|even|even|any|each|lucky|control|security|verification|access|pin|train|error|bar|qr|unlimited|binding|new|old|contact|sort|building|age|by)$/i;

/** The identifiers that the passage names, commonest first. */
export function findIdentifiers(text: string): Identifier[] {
  const found = new Map<string, Identifier>();
  for (const [, digits, words = '', kind = ''] of text.matchAll(FORM)) {
    const noun = lastNoun(words);
    if (noun === undefined || NOT_KEYS.test(noun)) continue;
    const label = `${noun} ${kind === 'ID' ? 'ID' : kind.toLowerCase()}`;
    const known = found.get(label) ?? { label, parameter: snake(label), noun, digits: undefined, count: 0 };
    known.count += 1;
    if (digits !== undefined) known.digits = Number(digits);
    found.set(label, known);
  }
  return [...found.values()].sort((a, b) => b.count - a.count);
}

function lastNoun(words: string): string | undefined {
  const parts = words.toLowerCase().split(/[ -]/);
  while (parts.length > 0 && (DETERMINERS.has(parts[0] ?? '') || STOPS.has(parts[0] ?? ''))) parts.shift();
  return parts.length === 0 || parts.some((part) => STOPS.has(part) || DETERMINERS.has(part)) ? undefined : parts.slice(-1)[0];
}
