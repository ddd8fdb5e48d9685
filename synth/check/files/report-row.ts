import { Conversation } from '../../../core/conversation.ts';
import type { Finding } from '../../../core/trajectory.ts';
import { type Grounding, traceArguments } from '../grounding/trace.ts';
import { locatePatterns, type PatternPlace } from '../patterns.ts';
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
    groundings: context === null ? [] : traceArguments(context.conversation),
  };
}

function patternsOf(context: CheckContext | null): PatternPlace[] {
  const parsed = Conversation.safeParse(context?.conversation);
  return parsed.success ? locatePatterns(parsed.data) : [];
}
