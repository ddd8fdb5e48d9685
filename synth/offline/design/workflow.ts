import type { ExtractedWorkflow } from '../../../core/workflow.ts';
import type { Random } from '../seed.ts';
import type { Reading } from '../text/reading.ts';
import { referenceFor, valueFor } from '../values.ts';
import { constraintsOf, type RuleBudget } from './constraints.ts';
import { definitionOf, type ToolDraft } from './drafts.ts';
import type { Target } from './target.ts';
import { planTools } from './tools.ts';

export interface WorkflowSize extends RuleBudget {
  tools: number;
}

/** The workflow of one goal of a passage with its tools. `session` names the device of texts about one. */
export function designWorkflow(
  reading: Reading,
  goal: Target,
  session: string | undefined,
  size: WorkflowSize,
  random: Random,
): ExtractedWorkflow {
  const plan = planTools(reading, goal, session, size.tools, random);
  const names = plan.tools.map(({ name }) => name);
  return {
    description: plan.goal.description,
    steps: plan.tools.map(({ description }) => description),
    graph: names.map((name) => `(${name})`).join('->'),
    example_calls: exampleCalls(plan.tools, random),
    constraints: constraintsOf(reading, plan, size, random),
    tools: plan.tools.map(definitionOf),
  };
}

/** One call of each tool in order; an id that a tool brings is used by those after it. */
function exampleCalls(
  tools: readonly ToolDraft[],
  random: Random,
): ExtractedWorkflow['example_calls'] {
  const ids = new Map<string, string>();
  return tools.map((tool) => {
    const values = tool.parameters.map((parameter): [string, unknown] => {
      const id = parameter.source === undefined ? undefined : ids.get(parameter.name);
      return [parameter.name, id ?? valueFor(parameter, random)];
    });
    if (tool.returns !== undefined) ids.set(tool.returns, referenceFor(tool.returns, random));
    return { name: tool.name, arguments: Object.fromEntries(values) };
  });
}
