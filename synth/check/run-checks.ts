import { errorMessage } from '../../core/errors.ts';
import type { Finding } from '../../core/trajectory.ts';
import { CALL_CHECKS } from './calls.ts';
import { type Check, type CheckContext, severityIn } from './check.ts';
import { CONTENT_CHECKS } from './content.ts';
import { FAITHFULNESS_CHECKS } from './faithfulness.ts';
import { GROUNDING_CHECKS } from './grounding.ts';
import { shorten } from './json-path.ts';
import { MARKUP_CHECKS } from './markup.ts';
import { MESSAGE_CHECKS } from './messages.ts';
import { rowOf } from './read-row.ts';
import type { Hit, Row } from './row.ts';
import { RULE_CHECKS } from './rules.ts';
import { STATE_CHECKS } from './state.ts';
import { TOOL_CHECKS } from './tools.ts';
import { TURN_CHECKS } from './turns.ts';
import { WORKFLOW_CHECKS } from './workflow.ts';

/** Goes up when what is found changes: it is part of a run's fingerprint. */
export const CHECKS_VERSION = 3;

/** Most findings of one code in one row; the last says how many more there are. */
const MAX_HITS = 100;

const FAILED: Check = {
  code: 'check_failed',
  title: 'A check could not be carried out',
  severity: { gem: 'error', foreign: 'warning' },
  paper: true,
  explanation:
    'A check met something it was not made for: a fault of ours, and the row is unproven.',
  fix: 'Report it with the row.',
  example: 'a row at which a check throws',
  find: () => [],
};

/** The first family, which needs neither a passage nor a workflow. */
export const STRUCTURE_CHECKS: readonly Check[] = [
  ...TOOL_CHECKS,
  ...MESSAGE_CHECKS,
  ...TURN_CHECKS,
  ...CALL_CHECKS,
  ...MARKUP_CHECKS,
  ...CONTENT_CHECKS,
];

/** All checks, in the order of the table of codes. */
export const CHECKS: readonly Check[] = [
  ...STRUCTURE_CHECKS,
  ...GROUNDING_CHECKS,
  ...STATE_CHECKS,
  ...FAITHFULNESS_CHECKS,
  ...RULE_CHECKS,
  ...WORKFLOW_CHECKS,
  FAILED,
];

const BY_CODE: ReadonlyMap<string, Check> = new Map(CHECKS.map((check) => [check.code, check]));

/** The check that reports a code. */
export function checkOf(code: string): Check | undefined {
  return BY_CODE.get(code);
}

/**
 * What the rule checks find in a conversation, those of the whole row and its tools first, then by
 * message. Never throws, whatever the row holds; nothing in it is run or fetched.
 */
export function checkConversation(context: CheckContext): Finding[] {
  const failed = (what: string, error: unknown): Finding[] => {
    const text = `${what}: ${shorten(errorMessage(error), 200)}`;
    return findingsOf(FAILED, [{ message_index: null, path: null, text }], context);
  };
  let row: Row;
  try {
    row = rowOf(context);
  } catch (error) {
    return failed('reading the row', error);
  }
  const findings = CHECKS.flatMap((check) => {
    try {
      return findingsOf(check, check.find(row), context);
    } catch (error) {
      return failed(check.code, error);
    }
  });
  return findings.sort((a, b) => (a.message_index ?? -1) - (b.message_index ?? -1));
}

function findingsOf(check: Check, hits: Iterable<Hit>, context: CheckContext): Finding[] {
  const severity = severityIn(check, context);
  if (severity === null) return [];
  const all = [...hits];
  const { code } = check;
  const kept = all.slice(0, MAX_HITS).map((hit) => ({ code, severity, ...hit }));
  const last = kept.at(-1);
  if (last !== undefined && all.length > MAX_HITS)
    last.text += ` (and ${all.length - MAX_HITS} more)`;
  return kept;
}

/** Whether a row fails the paper's rule-based check: an error of one of its codes. */
export function paperGateFails(findings: readonly Finding[]): boolean {
  return findings.some(
    ({ code, severity }) => severity === 'error' && checkOf(code)?.paper === true,
  );
}

/** Whether a row fails by any error. */
export function strictGateFails(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}
