import type { Trajectory } from '../../../core/trajectory.ts';
import { type PersonalData, PersonalKind } from '../../rules.ts';
import { findPersonalData, type PersonalValue } from './find.ts';

/** A value that a row's passage holds, in the passage's order, each once however it is written. */
export interface RowValue {
  kind: PersonalKind;
  /** An address in small letters; a number's letters and digits without what groups them. */
  key: string;
}

/**
 * The personal data of a row: what stands in the passage's text, title or address. What stands in the
 * conversation alone was invented by the teacher and is none; what it took from the passage is among these.
 */
export function personalDataOf(
  { source }: Pick<Trajectory, 'source'>,
  { kinds, allow }: PersonalData,
): RowValue[] {
  const values = new Map<string, RowValue>();
  for (const text of [source.text, source.title ?? '', source.url ?? '']) {
    for (const value of findPersonalData(text, kinds, allow)) {
      const key = keyOf(value);
      values.set(`${value.kind} ${key}`, { kind: value.kind, key });
    }
  }
  return [...values.values()];
}

/** Kinds and numbers, `email 2, phone 1`; null for none. The values themselves are not told. */
export function personalSummary(values: readonly RowValue[]): string | null {
  if (values.length === 0) return null;
  return PersonalKind.options
    .map((kind) => ({ kind, count: values.filter((value) => value.kind === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${kind} ${count}`)
    .join(', ');
}

/** The kinds in a summary; none in null. */
export function personalKinds(summary: string | null): string[] {
  return summary === null ? [] : summary.split(', ').map((part) => part.replace(/ \d+$/, ''));
}

/** A North American number is the same with and without its country code. */
function keyOf({ kind, text }: PersonalValue): string {
  if (kind === 'email') return text.toLowerCase();
  const bare = text.toUpperCase().replace(/[^A-Z\d]/g, '');
  return kind === 'phone' ? bare.replace(/^1(?=\d{10}$)/, '') : bare;
}
