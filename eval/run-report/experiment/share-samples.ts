import type { NamedReport } from './experiment-report.ts';

const ACCEPTED = 10;
const REJECTED = 5;

/** Leaves ten accepted trajectories and five rejected ones in all, from each run in turn. */
export function shareSamples(runs: readonly NamedReport[]): NamedReport[] {
  const accepted = shares(
    runs.map(({ report }) => report.samples.accepted.length),
    ACCEPTED,
  );
  const rejected = shares(
    runs.map(({ report }) => report.samples.rejected.length),
    REJECTED,
  );
  return runs.map((run, index) => {
    const { samples } = run.report;
    return {
      ...run,
      report: {
        ...run.report,
        samples: {
          accepted: samples.accepted.slice(0, accepted[index]),
          rejected: samples.rejected.slice(0, rejected[index]),
        },
      },
    };
  });
}

/** How many each gives, one a round, until there are as many as wanted. */
function shares(has: readonly number[], wanted: number): number[] {
  const given = has.map(() => 0);
  let left = Math.min(
    wanted,
    has.reduce((sum, count) => sum + count, 0),
  );
  for (let index = 0; left > 0; index = (index + 1) % has.length) {
    if ((given[index] ?? 0) >= (has[index] ?? 0)) continue;
    given[index] = (given[index] ?? 0) + 1;
    left -= 1;
  }
  return given;
}
