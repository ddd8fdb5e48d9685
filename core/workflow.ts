import { z } from 'zod';
import { ToolDefinition } from './conversation.ts';

/** How a constraint's argument relates to its value; the last one says that `tool` needs `value` (a tool) called first. */
export const ConstraintOperator = z.enum([
  '<=',
  '<',
  '>=',
  '>',
  '==',
  '!=',
  'in',
  'not_in',
  'after',
]);
export type ConstraintOperator = z.infer<typeof ConstraintOperator>;

const Scalar = z.union([z.string(), z.number(), z.boolean()]);

/**
 * A rule of the passage. `quote` is the passage's own words; tool, argument, operator and value are
 * there where the rule can be decided by looking at a call.
 */
export const Constraint = z.object({
  rule: z.string().min(1),
  quote: z.string().min(1),
  tool: z.string().optional(),
  argument: z.string().optional(),
  operator: ConstraintOperator.optional(),
  value: z.union([Scalar, z.array(Scalar)]).optional(),
  unit: z.string().optional(),
});
export type Constraint = z.infer<typeof Constraint>;

/** A call as stages write it before it has an id: arguments as an object. */
const ExampleCall = z.object({
  name: z.string().min(1),
  arguments: z.record(z.string(), z.unknown()),
});

/** A workflow of a passage (paper, stage 2): `graph` reads like `(login)->(search, list)->(book)`. */
export const Workflow = z.object({
  description: z.string().min(1),
  steps: z.array(z.string().min(1)).min(1),
  graph: z.string(),
  example_calls: z.array(ExampleCall),
  constraints: z.array(Constraint),
});
export type Workflow = z.infer<typeof Workflow>;

/** A workflow with the tools extracted for it. */
export const ExtractedWorkflow = Workflow.extend({ tools: z.array(ToolDefinition).min(1) });
export type ExtractedWorkflow = z.infer<typeof ExtractedWorkflow>;
