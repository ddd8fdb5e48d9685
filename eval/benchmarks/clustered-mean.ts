import { t975 } from '../../core/stats/normal.ts';

/** Fewer tasks than these tell nothing of their own spread. */
const LEAST_TASKS = 10;

export interface ClusteredMean {
  /** The mean of the columns' means; null where a column is empty. */
  mean: number | null;
  /** Null below 10 tasks. */
  standardError: number | null;
  /** Half of the 95% interval's width, by Student's t. */
  margin: number | null;
  /** How many different tasks. */
  tasks: number;
}

type Values = Readonly<Record<string, number>>;

/**
 * The mean of columns' means with its standard error when a task may stand in several columns: by the tasks' shares in
 * the mean (the linearised, cluster-robust variance; for one column of zeros and ones that is the binomial one with
 * n - 1). 800 BFCL entries are 200 tasks in four variants, so taking them as 800 would promise too much.
 */
export function meanOfColumns(columns: readonly Values[]): ClusteredMean {
  const shares = new Map<string, number>();
  let sum = 0;
  for (const column of columns) {
    const entries = Object.entries(column);
    const mean = entries.reduce((total, [, value]) => total + value, 0) / entries.length;
    sum += mean;
    for (const [task, value] of entries) {
      const share = (value - mean) / entries.length / columns.length;
      shares.set(task, (shares.get(task) ?? 0) + share);
    }
  }
  const tasks = shares.size;
  const isEmpty =
    columns.length === 0 || columns.some((column) => Object.keys(column).length === 0);
  if (isEmpty) return { mean: null, standardError: null, margin: null, tasks };
  const mean = sum / columns.length;
  if (tasks < LEAST_TASKS) return { mean, standardError: null, margin: null, tasks };
  const squares = [...shares.values()].reduce((total, share) => total + share ** 2, 0);
  const standardError = Math.sqrt((squares * tasks) / (tasks - 1));
  return { mean, standardError, margin: t975(tasks - 1) * standardError, tasks };
}

/** B's columns less A's, on the tasks that both have an answer to. */
export function pairedDifference(a: readonly Values[], b: readonly Values[]): ClusteredMean {
  return meanOfColumns(
    a.map((column, index) =>
      Object.fromEntries(
        Object.entries(column).flatMap(([task, before]) => {
          const after = b[index]?.[task];
          return after === undefined ? [] : [[task, after - before]];
        }),
      ),
    ),
  );
}
