import { FAITHFULNESS_CHECKS } from '../../synth/check/faithfulness.ts';
import { GROUNDING_CHECKS } from '../../synth/check/grounding.ts';
import { RULE_CHECKS } from '../../synth/check/rules.ts';
import { STRUCTURE_CHECKS } from '../../synth/check/run-checks.ts';
import { STATE_CHECKS } from '../../synth/check/state.ts';
import { WORKFLOW_CHECKS } from '../../synth/check/workflow.ts';

/** The families of checks, in the order of docs/checks.md. */
export const FAMILIES = {
  structure: STRUCTURE_CHECKS,
  grounding: GROUNDING_CHECKS,
  faithfulness: FAITHFULNESS_CHECKS,
  rules: RULE_CHECKS,
  state: STATE_CHECKS,
  workflow: WORKFLOW_CHECKS,
} as const;
export type Family = keyof typeof FAMILIES;

const BY_CODE: ReadonlyMap<string, Family> = new Map(
  // Object.entries forgets which keys there are.
  (Object.entries(FAMILIES) as [Family, (typeof FAMILIES)[Family]][]).flatMap(([family, checks]) =>
    checks.map(({ code }): [string, Family] => [code, family]),
  ),
);

/** The family of the check that reports a code; undefined for codes of other versions. */
export function familyOf(code: string): Family | undefined {
  return BY_CODE.get(code);
}
