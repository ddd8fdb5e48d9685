import { join } from 'node:path';
import { z } from 'zod';
import { readRows } from '../../core/run/find-row.ts';
import { MARKS_FILE, readMarks } from '../../core/run/marks.ts';
import { cohenKappa, type Ratings } from '../../core/stats/kappa.ts';

const Count = z.number().int();

const Agreement = z.object({
  /** The person is the first of the two. */
  both_yes: Count,
  both_no: Count,
  only_person: Count,
  only_other: Count,
  n: Count,
  /** Of `n` those on which both said the same, with its 95% interval; null of nothing. */
  agreement: z.object({ share: z.number().nullable(), low: z.number(), high: z.number() }),
  kappa: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});
type Agreement = z.infer<typeof Agreement>;

/** How a person's marks on a run compare with what the run decided. */
export const PersonAgreement = z.object({
  /** Marked rows with a verdict, also those that the run has no longer. */
  marked: Count,
  /** Marked rows that are not in the run's files. */
  missing: Count,
  /** With the judge, over the marked rows that it judged; yes is that all rubrics are passed. */
  judge: Agreement,
  /** With the run: accepted (or surplus) is yes, rejected is no. */
  run: Agreement,
  /** Ids of rows on which person and judge differ, a few. */
  differing: z.array(
    z.object({ id: z.string(), person: z.enum(['accept', 'reject']), reason: z.string() }),
  ),
});
export type PersonAgreement = z.infer<typeof PersonAgreement>;

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
    judge: agreementOf(judge),
    run: agreementOf(run),
    differing,
  };
}

/** As JSON holds it: nothing is not a number. */
function agreementOf(ratings: Ratings): Agreement {
  const { agreement, n, kappa, low, high } = cohenKappa(ratings);
  const share = n === 0 ? null : agreement.share;
  return {
    both_yes: ratings.bothYes,
    both_no: ratings.bothNo,
    only_person: ratings.onlyFirst,
    only_other: ratings.onlySecond,
    n,
    agreement: { share, low: agreement.low, high: agreement.high },
    kappa,
    low,
    high,
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
