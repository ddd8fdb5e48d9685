import { systemTracing } from '../faithfulness/analysis.ts';
import { agree, type Fact } from '../faithfulness/facts.ts';
import type { Row } from '../row.ts';
import type { Bound } from './bounds.ts';

/**
 * The bounds as the system message has them where it contradicts the passage: what a conversation's results
 * must keep is what its own rules say, wrong as they are.
 */
export function statedBounds(row: Row, bounds: readonly Bound[]): Bound[] {
  const { contradictions } = systemTracing(row);
  if (contradictions.length === 0) return [];
  return bounds.flatMap((bound) => {
    const { limit } = bound;
    if (limit === undefined) return [];
    const found = contradictions.find(
      ({ source, sourceIn }) => agree(source, limit) && speaksOf(bound, source, sourceIn.text),
    );
    if (found === undefined) return [];
    const said: Fact =
      found.said.unit === null ? { ...found.said, ...scaledLike(found.said, limit) } : found.said;
    return [{ ...bound, limit: said, value: found.said.text, rule: bound.rule }];
  });
}

/** Whether a bound is the one of this place of the passage: its quote holds the value and lies in the sentence, or around it. */
function speaksOf({ quote }: Bound, source: Fact, sentence: string): boolean {
  const squeeze = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '');
  const [own, whole] = [squeeze(quote.slice(0, 4000)), squeeze(sentence)];
  if (!own.includes(squeeze(source.text))) return false;
  return own.length > 8 && (whole.includes(own) || own.includes(whole));
}

/** A measure without a unit is in that of the limit it stands for. */
function scaledLike(said: Fact, limit: Fact): Pick<Fact, 'kind' | 'unit' | 'values'> {
  const factor = (limit.values[0] ?? 1) / (limit.plain[0] || 1);
  const values = said.plain.map((value) => value * factor);
  return { kind: limit.kind, unit: limit.unit, values };
}
