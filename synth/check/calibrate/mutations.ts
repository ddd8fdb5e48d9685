import { ARGUMENT_MUTATIONS } from './arguments.ts';
import { FAITHFULNESS_MUTATIONS } from './faithfulness.ts';
import { GROUNDING_MUTATIONS } from './grounding.ts';
import { LIMIT_MUTATIONS } from './limits.ts';
import type { Mutation } from './mutation.ts';
import { RULE_MUTATIONS } from './rules.ts';
import { STATE_MUTATIONS } from './state.ts';
import { TEXT_MUTATIONS } from './texts.ts';
import { TOOL_MUTATIONS } from './tools.ts';
import { TURN_MUTATIONS } from './turns.ts';
import { WORKFLOW_MUTATIONS } from './workflow.ts';

/** Every kind of corruption, in the order of the families. */
export const MUTATIONS: readonly Mutation[] = [
  ...TOOL_MUTATIONS,
  ...ARGUMENT_MUTATIONS,
  ...TURN_MUTATIONS,
  ...TEXT_MUTATIONS,
  ...GROUNDING_MUTATIONS,
  ...FAITHFULNESS_MUTATIONS,
  ...LIMIT_MUTATIONS,
  ...RULE_MUTATIONS,
  ...STATE_MUTATIONS,
  ...WORKFLOW_MUTATIONS,
];
