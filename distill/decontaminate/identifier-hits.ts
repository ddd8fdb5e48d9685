import { ngramHashes } from '../../core/text/shingles.ts';
import type { BenchmarkFingerprint } from './fingerprint.ts';
import { type Hit, shortExample } from './hit.ts';
import { identifierTokens } from './identifier-tokens.ts';
import type { DecontaminationRules } from './rules.ts';
import type { PlacedText } from './subject-texts.ts';

/** A benchmark's identifiers by their hash. */
export type IdentifierIndex = ReadonlyMap<number, BenchmarkFingerprint['identifiers'][number]>;

export function identifierIndex({ identifiers }: BenchmarkFingerprint): IdentifierIndex {
  return new Map(identifiers.map((identifier) => [identifier.hash, identifier]));
}

/** What a row has that could be an identifier: hash, text, and where it stands first. */
export type FoundTokens = ReadonlyMap<number, PlacedText>;

export function findTokens(texts: readonly PlacedText[]): FoundTokens {
  const found = new Map<number, PlacedText>();
  for (const { where, text } of texts) {
    const tokens = identifierTokens(text);
    for (const [index, hash] of ngramHashes(tokens, 1).entries()) {
      if (!found.has(hash)) found.set(hash, { where, text: tokens[index] ?? '' });
    }
  }
  return found;
}

/** The identifiers a row has of a benchmark's data (order, user, payment, reservation, flight); one is listed. */
export function identifierHit(
  tokens: FoundTokens,
  index: IdentifierIndex,
  benchmark: string,
  rules: DecontaminationRules['identifiers'],
): Hit | null {
  const shared = [...tokens].flatMap(([hash, token]) => {
    const known = index.get(hash);
    return known === undefined ? [] : [{ ...token, id: known.id, shape: known.shape }];
  });
  const specific = shared.filter(({ shape }) => shape === 'specific');
  const first = specific[0] ?? shared[0];
  if (first === undefined) return null;
  return {
    benchmark,
    item: first.id,
    items: new Set(shared.map(({ id }) => id)).size,
    kind: 'identifiers',
    value: shared.length,
    drop: specific.length >= rules.specific || shared.length >= rules.any,
    where: first.where,
    example: shortExample(
      [...specific, ...shared.filter((one) => !specific.includes(one))]
        .map(({ text }) => text)
        .join(', '),
    ),
  };
}
