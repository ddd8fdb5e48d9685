import type { Conversation } from '../../core/conversation.ts';
import type { Pattern } from '../../core/taxonomy.ts';
import type { Workflow } from '../../core/workflow.ts';
import type { Mending } from '../stages/repair.ts';
import { generateOffline } from './generate.ts';
import { mendPart } from './mending/part.ts';
import { refineOffline } from './refine.ts';
import type { Size } from './size.ts';

export interface RepairRequest {
  passage: string;
  workflow: Workflow;
  conversation: Conversation;
  /** The first message to write anew; undefined asks for everything with its tools. */
  from: number | undefined;
  patterns: readonly Pattern[];
}

/**
 * The part asked for: the rest of the conversation with each call, result and report put in keeping with what stands
 * before it; or another conversation for the workflow, refined where the given one was.
 */
export function repairOffline(request: RepairRequest, size: Size, seed: string): Mending {
  const { conversation, from, workflow } = request;
  if (from !== undefined)
    return { messages: mendPart(conversation, from, workflow.constraints, seed), tools: null };
  return anew(request, size, seed);
}

function anew(request: RepairRequest, size: Size, seed: string): Conversation {
  const { passage, workflow, conversation, patterns } = request;
  const named = new Set(workflow.graph.match(/\w+/g));
  const own = conversation.tools.filter((tool) => named.has(tool.function.name));
  const tools = own.length > 0 ? own : conversation.tools;
  const generated = generateOffline({ passage, workflow, tools, patterns }, size, seed);
  const isRefined = /^(?:Records|Database): /m.test(conversation.messages[0]?.content ?? '');
  if (!isRefined) return generated;
  const { description, constraints } = workflow;
  return refineOffline({ description, constraints, conversation: generated }, size, seed);
}
