import type { RowStatus } from '../../core/run/find-row.ts';
import type { RejectedBy, Rejection, Trajectory } from '../../core/trajectory.ts';

/** How a row ended: where it stands, or who turned it down. */
export type RowEnd = 'accepted' | 'surplus' | 'unscored' | RejectedBy;

/** A row that the judge's stage turned down without a verdict is `unscored`. */
export function endOf({ status, row }: { status: RowStatus; row: Trajectory | Rejection }): RowEnd {
  if (!('rejected_by' in row)) return status === 'surplus' ? 'surplus' : 'accepted';
  return row.rejected_by === 'judge' && row.judge === null ? 'unscored' : row.rejected_by;
}

/** An end as the tables have it. */
export function endInWords(end: RowEnd): string {
  if (end === 'accepted' || end === 'surplus') return end;
  return end === 'unscored' ? 'unscored by the judge' : `rejected by ${end}`;
}
