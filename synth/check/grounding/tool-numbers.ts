import { quantitiesIn } from '../../../core/text/quantities.ts';
import type { Row } from '../row.ts';
import type { Branch } from './leaves.ts';
import { argumentSchema } from './schema-node.ts';

const MAX_TEXT = 2000;
const MAX_NUMBERS = 4;

/** The numbers that a tool's description and that of one of its arguments give: a tank holds up to 50 gallons. */
export class ToolNumbers {
  readonly #row: Row;
  readonly #byTool = new Map<number, readonly number[]>();

  constructor(row: Row) {
    this.#row = row;
  }

  /** The first numbers of the two descriptions; none for an unknown tool. */
  of(tool: number | undefined, branch: Branch | null): readonly number[] {
    if (tool === undefined) return [];
    const own = this.#byTool.get(tool) ?? numbersIn(this.#description(tool));
    this.#byTool.set(tool, own);
    return [...own, ...numbersIn(argumentSchema(this.#row, tool, branch).description)];
  }

  #description(tool: number): string {
    return this.#row.tools.find(({ index }) => index === tool)?.description ?? '';
  }
}

function numbersIn(text: string): number[] {
  if (!/\d/.test(text)) return [];
  return quantitiesIn(text.slice(0, MAX_TEXT))
    .filter(({ spelled, ordinal }) => !spelled && !ordinal)
    .slice(0, MAX_NUMBERS)
    .map(({ value }) => value);
}
