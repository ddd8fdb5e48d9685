import { toBase, unitOf } from '../../../core/text/quantities-units.ts';
import { snakeCase } from './argument-kind.ts';
import type { Place } from './phrase-index.ts';
import type { Sight } from './sight.ts';

export interface NumberMatch {
  kind: 'number' | 'unit' | 'arithmetic';
  place: Place | null;
}

/** Finds where a number came from: said or returned, said in another unit, or worked out. */
export function matchNumber(
  value: number,
  about: { key: string; description: string },
  sight: Sight,
  before: number,
): NumberMatch | undefined {
  const seen = sight.number(value, before) ?? sight.number(-value, before);
  if (seen !== undefined) return { kind: 'number', place: seen.place };
  const rounded = sight.number(Number(value.toFixed(2)), before);
  if (rounded !== undefined) return { kind: 'number', place: rounded.place };
  return matchUnit(value, about, sight, before);
}

/** The unit that an argument is in, by the words of its key and its description. */
function matchUnit(
  value: number,
  { key, description }: { key: string; description: string },
  sight: Sight,
  before: number,
): NumberMatch | undefined {
  const words = description.slice(0, 300).split(/[^\p{L}%°]+/u);
  // A single letter is a unit in a key (weight_g), and a word in a description.
  const units = [...snakeCase(key).split('_').slice(1), ...words.filter((word) => word.length > 1)]
    .concat(snakeCase(key))
    .map((word) => unitOf(word))
    .filter((unit) => unit !== undefined);
  for (const unit of units.slice(0, 5)) {
    const seen = sight.measure(unit.dimension, toBase(value, unit), before);
    if (seen !== undefined) return { kind: 'unit', place: seen.place };
  }
  return undefined;
}
