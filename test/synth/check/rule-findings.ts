import type { Finding } from '../../../core/trajectory.ts';
import type { Check, CheckContext } from '../../../synth/check/check.ts';
import { FAITHFULNESS_CHECKS } from '../../../synth/check/faithfulness.ts';
import { readRow } from '../../../synth/check/read-row.ts';
import { RULE_CHECKS } from '../../../synth/check/rules.ts';
import { WORKFLOW_CHECKS } from '../../../synth/check/workflow.ts';

const FAMILIES: readonly Check[] = [...FAITHFULNESS_CHECKS, ...RULE_CHECKS, ...WORKFLOW_CHECKS];

/** What the families faithfulness, rules and workflow find, in the order of the messages. */
export function findingsOf(
  conversation: CheckContext['conversation'],
  context: Partial<CheckContext>,
): Finding[] {
  const row = readRow({
    conversation,
    refined: true,
    profile: 'gem',
    language: null,
    ...context,
  });
  const findings = FAMILIES.flatMap(({ code, severity, find }) =>
    [...find(row)].map((hit) => ({ code, severity: severity.gem, ...hit })),
  );
  return findings.sort((a, b) => (a.message_index ?? -1) - (b.message_index ?? -1));
}
