import type { ToolDefinition } from '../../../core/conversation.ts';
import type { Arguments } from '../dialogue/script.ts';
import type { World } from '../dialogue/world.ts';
import type { Random } from '../seed.ts';

/** What an added tool works on: a record that the conversation has made or opened. */
export interface Anchor {
  idName: string;
  id: string;
  /** What the id stands for: "membership". */
  noun: string;
  /** Fields and values of the record so far, without its id. */
  facts: Record<string, unknown>;
}

/** One use of an added tool. */
export interface Extra {
  tool: ToolDefinition;
  /** The user's demand, with every value that the call needs but the id. */
  demand: string;
  args: Arguments;
  result: Record<string, unknown>;
  report: string;
}

/** Makes an added tool with one use; undefined where it does not fit the record. */
export type ExtraMaker = (anchor: Anchor, random: Random, world: World) => Extra | undefined;

/** A tool that takes the record's id and these properties, all required. */
export function define(
  anchor: Anchor,
  name: string,
  description: string,
  properties: Record<string, unknown>,
): ToolDefinition {
  const all = {
    [anchor.idName]: { type: 'string', description: `ID of the ${spaced(anchor)}` },
    ...properties,
  };
  const parameters = { type: 'object', properties: all, required: Object.keys(all) };
  return { type: 'function', function: { name, description, parameters } };
}

export function text(description: string): { type: 'string'; description: string } {
  return { type: 'string', description };
}

export function spaced({ noun }: Anchor): string {
  return noun.replaceAll('_', ' ');
}
