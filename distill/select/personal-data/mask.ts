import { sha256 } from '../../../core/hash.ts';
import type { Trajectory } from '../../../core/trajectory.ts';
import type { PersonalData } from '../../rules.ts';
import { personalDataOf, type RowValue } from './of-row.ts';
import { type StandIn, standInsFor } from './stand-ins.ts';

/**
 * Replaces a row's personal data by reserved examples in all that the row says: the passage, the messages, the
 * tools, the workflow, what checks, judge and repair say; alike in each, however a value is grouped there. JSON
 * inside of texts stays JSON, quotes still stand in the passage, and the passage's hash is that of the new text.
 * `values` are those replaced; without any the row is returned as it is.
 */
export function maskPersonalData(
  row: Trajectory,
  rules: PersonalData,
): { row: Trajectory; values: RowValue[] } {
  const values = personalDataOf(row, rules);
  if (values.length === 0) return { row, values };
  const standIns = standInsFor(values);
  const { id, provenance, source, ...said } = row;
  const { text, title, url } = source;
  const masked = replaceIn({ said, source: { text, title, url } }, standIns);
  const passage = { ...source, ...masked.source, sha256: sha256(masked.source.text) };
  return { row: { ...row, ...masked.said, id, provenance, source: passage }, values };
}

/** Over the JSON text, so that names of members and numbers are reached as well. */
function replaceIn<T>(parts: T, standIns: readonly StandIn[]): T {
  let json = JSON.stringify(parts);
  for (const standIn of standIns)
    json = json.replace(standIn.pattern, (written) => regroup(written, standIn));
  // Stand-ins hold no quote and no backslash, and begin with no zero where a number may stand.
  return JSON.parse(json) as T;
}

/** A stand-in in the grouping of what it replaces. */
function regroup(written: string, { text, grouped }: StandIn): string {
  if (!grouped) return text;
  let used = 0;
  return written.replace(/[\p{L}\d]/gu, () => text[used++] ?? '0');
}
