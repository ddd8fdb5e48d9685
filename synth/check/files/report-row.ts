import { Conversation } from '../../../core/conversation.ts';
import type { Finding } from '../../../core/trajectory.ts';
import { type Grounding, groundingsOf } from '../grounding/trace.ts';
import { locatePatterns, type PatternPlace } from '../patterns.ts';
import { rowOf } from '../read-row.ts';
import type { CheckContext } from '../row.ts';
import type { CheckedRow } from './check-row.ts';
import { codeOf } from './codes.ts';

/** A row's line of `check --json`. */
export interface RowReport {
  id: string;
  findings: (Finding & { fix: string })[];
  patterns: PatternPlace[];
  /** Where each argument of each call was said before. */
  groundings: Grounding[];
}

/** What the command tells of a row; patterns and groundings are of rows that are whole conversations. */
export function reportRow({ id, context, findings }: CheckedRow): RowReport {
  return {
    id,
    findings: findings.map((finding) => ({ ...finding, fix: codeOf(finding.code)?.fix ?? '' })),
    patterns: patternsOf(context),
    groundings: tracedIn(context),
  };
}

/** What cannot be traced has its finding already (check_failed). */
function tracedIn(context: CheckContext | null): Grounding[] {
  if (context === null) return [];
  try {
    return groundingsOf(rowOf(context));
  } catch {
    return [];
  }
}

function patternsOf(context: CheckContext | null): PatternPlace[] {
  const parsed = Conversation.safeParse(context?.conversation);
  return parsed.success ? locatePatterns(parsed.data) : [];
}
