import type { PersonalKind } from '../../rules.ts';
import { CONTACT_FINDERS } from './contacts.ts';
import type { Finder } from './finder.ts';
import { NUMBER_FINDERS } from './numbers.ts';

/** A piece of personal data in a text. Offsets are of UTF-16 units, `end` exclusive. */
export interface PersonalValue {
  kind: PersonalKind;
  start: number;
  end: number;
  /** As it is written. */
  text: string;
}

/**
 * The personal data in a text, in its order, without overlaps: e-mail addresses, telephone numbers, payment cards
 * (Luhn), IBANs (checksum) and national numbers (US SSN, UK NINO, Spanish DNI and NIE, German tax number, French
 * NIR, Brazilian CPF; checksum where there is one). Reserved examples are none: the domains of RFC 2606, the
 * numbers that regulators keep for films (555-01xx among them), test cards, and any number in which one digit
 * stands seven times in a row (in a national number, five times). What is no personal data all the same is in `allow`: an address, a domain, a number.
 */
export function findPersonalData(
  text: string,
  kinds: readonly PersonalKind[],
  allow: readonly string[] = [],
): PersonalValue[] {
  if (!/@|\d{2}/.test(text)) return [];
  const allowed = new Set(allow.map(bare));
  const found: PersonalValue[] = [];
  for (const { kind, pattern, accepts } of FINDERS) {
    if (!kinds.includes(kind)) continue;
    for (const match of text.matchAll(pattern)) {
      const written = match.groups?.value ?? match[0];
      const value = { kind, start: match.index, end: match.index + written.length, text: written };
      const before = text.slice(Math.max(0, value.start - CONTEXT), value.start);
      const isFree = found.every(({ start, end }) => value.end <= start || value.start >= end);
      if (isFree && accepts(written, before) && !isAllowed(value, allowed)) found.push(value);
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

/** How much text before a number may tell what it is. */
const CONTEXT = 40;

// The most specific forms first: what they take is taken.
const FINDERS: readonly Finder[] = [
  ...CONTACT_FINDERS.filter(({ kind }) => kind === 'email'),
  ...NUMBER_FINDERS,
  ...CONTACT_FINDERS.filter(({ kind }) => kind === 'phone'),
];

function isAllowed({ kind, text }: PersonalValue, allowed: ReadonlySet<string>): boolean {
  if (allowed.has(bare(text))) return true;
  return kind === 'email' && allowed.has(bare(text.slice(text.lastIndexOf('@') + 1)));
}

/** An address or a domain in small letters; a number without what groups it. */
function bare(value: string): string {
  const folded = value.trim().toLowerCase();
  return /@|\.[a-z]{2,}$/.test(folded) ? folded : folded.replace(/[^a-z\d]/g, '');
}
