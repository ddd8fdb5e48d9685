import { join } from 'node:path';
import { readRows } from '../../core/run/find-row.ts';
import { MARKS_FILE, readMarks } from '../../core/run/marks.ts';
import { type Agreement, cohenKappa, type Ratings } from '../../core/stats/kappa.ts';

/** How a person's marks on a run compare with what the run decided. */
export interface PersonAgreement {
  /** Marked rows with a verdict, also those that the run has no longer. */
  marked: number;
  /** Marked rows that are not in the run's files. */
  missing: number;
  /** With the judge, over the marked rows that it judged; yes is that all rubrics are passed. */
  judge: Agreement;
  /** With the run: accepted (or surplus) is yes, rejected is no. */
  run: Agreement;
  /** Ids of rows on which person and judge differ, a few. */
  differing: { id: string; person: 'accept' | 'reject'; reason: string }[];
}

const MOST_DIFFERING = 20;

/**
 * Compares a run's marks with its judge and its decisions.
 * @returns undefined where nobody accepted or rejected a row
 * @throws UsageError for files that are no run's
 */
export async function measureAgreement(folder: string): Promise<PersonAgreement | undefined> {
  const marks = await readMarks(join(folder, MARKS_FILE));
  const verdicts = new Map(
    [...marks].flatMap(([id, { verdict }]) => (verdict === null ? [] : [[id, verdict] as const])),
  );
  if (verdicts.size === 0) return undefined;
  const [judge, run] = [noRatings(), noRatings()];
  const differing: PersonAgreement['differing'] = [];
  const seen = new Set<string>();
  for await (const { status, row } of readRows(folder, ['accepted', 'rejected', 'surplus'])) {
    const person = verdicts.get(row.id);
    if (person === undefined || seen.has(row.id)) continue;
    seen.add(row.id);
    rate(run, person === 'accept', status !== 'rejected');
    if (row.judge === null) continue;
    const passed = Object.values(row.judge.rubrics).every((score) => score === 1);
    rate(judge, person === 'accept', passed);
    if (passed !== (person === 'accept') && differing.length < MOST_DIFFERING)
      differing.push({ id: row.id, person, reason: row.judge.reason });
  }
  return {
    marked: verdicts.size,
    missing: verdicts.size - seen.size,
    judge: cohenKappa(judge),
    run: cohenKappa(run),
    differing,
  };
}

function noRatings(): Ratings {
  return { bothYes: 0, bothNo: 0, onlyFirst: 0, onlySecond: 0 };
}

/** The person is the first rater. */
function rate(ratings: Ratings, first: boolean, second: boolean): void {
  if (first && second) ratings.bothYes += 1;
  else if (first) ratings.onlyFirst += 1;
  else if (second) ratings.onlySecond += 1;
  else ratings.bothNo += 1;
}
