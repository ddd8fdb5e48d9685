import { pairedDifference } from './clustered-mean.ts';
import { PAPER_RESULTS, PAPER_TASKS } from './paper-results.ts';
import { columnTitle } from './score-tables.ts';
import type { Scores } from './scores.ts';

/** A difference between a checkpoint and another one, or a row of the paper's, in percentage points. */
export interface Difference {
  group: string;
  column: string;
  /** What it is held against. */
  against: string;
  label: string;
  points: number;
  /** Half of the 95% interval; null where the tasks are too few. */
  margin: number | null;
}

/** Each later checkpoint against the first, on the tasks that both have an answer to. */
export function differencesAmong(checkpoints: readonly Scores[]): Difference[] {
  const [first, ...others] = checkpoints;
  if (first === undefined) return [];
  return others.flatMap((other) =>
    first.figures.flatMap(({ group, name }) => {
      const { mean, margin } = pairedDifference(
        valuesOf(first, group, name),
        valuesOf(other, group, name),
      );
      if (mean === null) return [];
      const points = { points: mean * 100, margin: margin === null ? null : margin * 100 };
      return [{ group, column: name, against: first.label, label: other.label, ...points }];
    }),
  );
}

/**
 * A whole and complete checkpoint against the paper's rows that tables show. The paper prints no spread: a column's is
 * taken as that of so many independent tasks, which for the mean of several trials is an upper bound.
 */
export function differencesFromPaper(scores: Scores): Difference[] {
  // The paper's BFCL is V3's.
  const isOther = scores.benchmark === 'bfcl' && scores.measured_with.data !== 'BFCL_v3';
  if (!scores.complete || !scores.whole || isOther) return [];
  return PAPER_RESULTS.filter(({ headline }) => headline).flatMap(({ model, figures }) =>
    scores.figures.flatMap(({ group, name, value, standard_error: own }) => {
      const published = figures[group]?.[name];
      // Where a group has a mean of columns, it says enough.
      const isPart = scores.means.some((mean) => mean.group === group && mean.name !== name);
      if (published === undefined || value === null || own === null || isPart) return [];
      const theirs = spreadOfPaper(figures[group] ?? {}, group, name);
      const margin = 1.96 * Math.hypot(own * 100, theirs);
      const points = value * 100 - published;
      return [
        { group, column: name, against: `paper: ${model}`, label: scores.label, points, margin },
      ];
    }),
  );
}

/** `overall: b less a +1.25 [-0.90, 3.40], within noise` */
export function differenceLine({
  group,
  column,
  against,
  label,
  points,
  margin,
}: Difference): string {
  const what = `${group} ${columnTitle(column)}: ${label} less ${against} ${signed(points)}`;
  if (margin === null) return `${what} (too few tasks for an interval)`;
  const isNoise = points - margin <= 0 && points + margin >= 0;
  return `${what} [${signed(points - margin)}, ${signed(points + margin)}]${isNoise ? ', within noise' : ''}`;
}

function valuesOf(scores: Scores, group: string, name: string): Record<string, number>[] {
  const mean = scores.means.find((one) => one.group === group && one.name === name);
  const wanted = mean?.of ?? [name];
  return wanted.map(
    (part) => scores.columns.find((one) => one.group === group && one.name === part)?.values ?? {},
  );
}

/** The standard error in points. */
function spreadOfPaper(figures: Record<string, number>, group: string, name: string): number {
  const tasks = PAPER_TASKS[group] ?? Number.NaN;
  const one = (percent: number) => Math.sqrt((percent * (100 - percent)) / tasks);
  if (name !== 'overall') return one(figures[name] ?? Number.NaN);
  const columns = Object.entries(figures).filter(([column]) => column !== 'overall');
  return Math.hypot(...columns.map(([, percent]) => one(percent))) / columns.length;
}

function signed(points: number): string {
  return `${points < 0 ? '' : '+'}${points.toFixed(2)}`;
}
