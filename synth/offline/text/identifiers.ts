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
  /** How well it suits as what a person gives: asked for, rather than handed out. */
  weight: number;
}

const FORM =
  /(?:\b(\d{1,2})-digit )?\b((?:[a-z]+[ -]){0,1}[a-z]{3,}) (number|reference|code|ID)\b/gi;
const NOT_KEYS =
  /\b(?:phone|telephone|digit|digits|model|page|version|maximum|minimum|total|large|small|certain|same|high|low|house|street|line|good|area|country|exact|right|wrong|source|dress|promo|discount|postal|zip|great|limited|whole|mobile|fax|odd|even|even|any|each|lucky|control|security|verification|access|pin|train|error|bar|qr|unlimited|binding|new|old|contact|sort|building|age|by)$/i;

/** The identifiers that the passage asks for, the most fitting first; those that it only hands out are left out. */
export function findIdentifiers(text: string): Identifier[] {
  const found = new Map<string, Identifier>();
  for (const match of text.matchAll(FORM)) {
    const [, digits, words = '', kind = ''] = match;
    const noun = lastNoun(words);
    if (noun === undefined || NOT_KEYS.test(noun)) continue;
    const label = `${noun} ${kind.toUpperCase() === 'ID' ? 'ID' : kind.toLowerCase()}`;
    const known = found.get(label) ?? {
      label,
      parameter: snake(label),
      noun,
      digits: undefined,
      weight: 0,
    };
    known.weight += weigh(text.slice(Math.max(0, match.index - 70), match.index + 10));
    if (digits !== undefined) known.digits = Number(digits);
    found.set(label, known);
  }
  const fitting = [...found.values()].filter(({ weight }) => weight > 0);
  return fitting.sort((a, b) => b.weight - a.weight);
}

const ASKED =
  /\b(?:enter|type|give|giving|gives|ready|quote|quoting|need|needs|state|using|bring|key in|provide|shows?|sign in|with|and|by|asks? for|know)\b/i;
const HANDED_OUT =
  /\b(?:receive|receives|get|gets|got|produces?|issued|issues|sends?|sent|contains|gives you|prints?|printed|appears?|carries|has a|assigns?|generates?|new)\b/i;

function weigh(before: string): number {
  const clause = before.slice(
    Math.max(before.lastIndexOf('. '), before.lastIndexOf(';'), before.lastIndexOf('\n')) + 1,
  );
  return HANDED_OUT.test(clause) ? -0.6 : ASKED.test(clause) ? 1.5 : 0.6;
}

function lastNoun(words: string): string | undefined {
  const parts = words.toLowerCase().split(/[ -]/);
  while (parts.length > 0 && (DETERMINERS.has(parts[0] ?? '') || STOPS.has(parts[0] ?? '')))
    parts.shift();
  return parts.length === 0 || parts.some((part) => STOPS.has(part) || DETERMINERS.has(part))
    ? undefined
    : parts.slice(-1)[0];
}
