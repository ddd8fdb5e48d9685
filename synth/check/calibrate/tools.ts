import type { ToolDefinition } from '../../../core/conversation.ts';
import { choose } from './choose.ts';
import type { CleanRow, CorruptedRow, Mutation } from './mutation.ts';

type Definition = ToolDefinition['function'];

/** Faults in the definitions of tools. */
export const TOOL_MUTATIONS: readonly Mutation[] = [
  {
    name: 'tool renamed',
    family: 'structure',
    codes: ['unknown_tool'],
    mutate: (row, random) =>
      choose(calledTools(row), random, (index) =>
        changed(row, index, (tool) => ({ ...tool, name: `${tool.name}_v2` })),
      ),
  },
  {
    name: 'tool name with a blank',
    family: 'structure',
    codes: ['bad_tool_name'],
    mutate: (row, random) =>
      choose(allTools(row), random, (index) =>
        changed(row, index, (tool) => ({ ...tool, name: `${tool.name} now` })),
      ),
  },
  {
    name: 'tool defined twice',
    family: 'structure',
    codes: ['duplicate_tool_name'],
    mutate: (row, random) =>
      choose(row.conversation.tools, random, (tool) =>
        withTools(row, [...row.conversation.tools, tool]),
      ),
  },
  {
    name: 'type that JSON Schema does not know',
    family: 'structure',
    codes: ['tool_schema_invalid'],
    mutate: (row, random) =>
      choose(allTools(row), random, (index) =>
        changed(row, index, (tool) => ({
          ...tool,
          parameters: { ...tool.parameters, properties: { amount: { type: 'float' } } },
        })),
      ),
  },
  {
    name: 'required name without property',
    family: 'structure',
    codes: ['required_unknown_property'],
    mutate: (row, random) =>
      choose(toolsWithProperties(row), random, (index) =>
        changed(row, index, (tool) => ({
          ...tool,
          parameters: { ...tool.parameters, required: ['not_among_them'] },
        })),
      ),
  },
];

function allTools({ conversation }: CleanRow): number[] {
  return [...conversation.tools.keys()];
}

function toolsWithProperties(row: CleanRow): number[] {
  return allTools(row).filter(
    (index) => row.conversation.tools[index]?.function.parameters?.properties !== undefined,
  );
}

function calledTools({ conversation: { messages, tools } }: CleanRow): number[] {
  const called = new Set(
    messages.flatMap((message) =>
      message.role === 'assistant'
        ? (message.tool_calls ?? []).map((one) => one.function.name)
        : [],
    ),
  );
  return [...tools.entries()]
    .filter(([, tool]) => called.has(tool.function.name))
    .map(([index]) => index);
}

function changed(
  row: CleanRow,
  index: number,
  change: (definition: Definition) => Definition,
): CorruptedRow {
  const tools = row.conversation.tools.map((tool, at) =>
    at === index ? { ...tool, function: change(tool.function) } : tool,
  );
  return withTools(row, tools);
}

function withTools(row: CleanRow, tools: readonly ToolDefinition[]): CorruptedRow {
  return { ...row, conversation: { ...row.conversation, tools } };
}
