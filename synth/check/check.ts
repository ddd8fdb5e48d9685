import type { Severity } from '../../core/trajectory.ts';
import type { CheckContext, Hit, Row } from './row.ts';

export type { CheckContext } from './row.ts';

/** How bad a finding is; `unrefined` is for our own rows where refinement was off, null is unreported. */
interface Severities {
  gem: Severity;
  foreign: Severity;
  unrefined?: Severity | null;
}

/** One rule: what it is called, what it means, how to mend it, and the pure function that finds it. */
export interface Check {
  code: string;
  title: string;
  severity: Severities;
  /** Whether the paper's rule-based check has it, so that it decides under `gate: paper`. */
  paper: boolean;
  explanation: string;
  fix: string;
  /** A small faulty piece of a conversation. */
  example: string;
  find: (row: Row) => Iterable<Hit>;
}

/** The severity of a check's findings in a context; null when they are not reported there. */
export function severityIn(check: Check, context: CheckContext): Severity | null {
  const { gem, foreign, unrefined } = check.severity;
  if (context.profile === 'foreign') return foreign;
  return context.refined || unrefined === undefined ? gem : unrefined;
}

/** The `find` of a check whose problems an analysis of the row has found already. */
export function analysed(code: string): (row: Row) => Iterable<Hit> {
  return (row) => row.problems.get(code) ?? [];
}
