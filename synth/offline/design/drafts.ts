import type { ToolDefinition } from '../../../core/conversation.ts';
import type { Limit } from '../text/limits.ts';
import type { ValueOf } from '../values.ts';

/** A parameter of a tool before it is written as JSON Schema. */
export interface ParameterDraft extends ValueOf {
  description: string;
  /** The tool whose result it comes from. */
  source?: string;
  limit?: Limit;
}

/** A tool before it is written as a definition. */
export interface ToolDraft {
  name: string;
  description: string;
  kind: 'read' | 'write';
  parameters: ParameterDraft[];
  /** The id that its result brings, where it brings one. */
  returns?: string;
  /** The sentence of the passage that it comes from, -1 for none. */
  sentence: number;
}

/** A draft as a definition in OpenAI's format; every parameter is required. */
export function definitionOf(draft: ToolDraft): ToolDefinition {
  const properties = draft.parameters.map(
    ({ name, type, description, options }): [string, unknown] => [
      name,
      options === undefined ? { type, description } : { type, enum: [...options], description },
    ],
  );
  return {
    type: 'function',
    function: {
      name: draft.name,
      description: draft.description,
      parameters: {
        type: 'object',
        properties: Object.fromEntries(properties),
        required: draft.parameters.map(({ name }) => name),
      },
    },
  };
}
