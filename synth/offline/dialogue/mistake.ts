import { mistyped } from '../values.ts';
import { isNumeric, label } from './labels.ts';
import type { Episode, Scalar, Scene, Values } from './scene.ts';
import type { ParameterModel, ToolModel } from './tool-model.ts';
import type { Result } from './world.ts';

/** A wrong value that the user gives first, and how it comes right. */
export interface Mistake {
  tool: ToolModel;
  parameter: ParameterModel;
  wrong: Scalar;
  /** Whether the user gives both readings at once; otherwise the assistant asks again. */
  both: boolean;
  error: Result;
}

/** A mistyped reference of the first lookup; undefined where nothing on the path can be mistyped. */
export function mistakeOf(
  { random }: Scene,
  { path }: Episode,
  values: Values,
  both: boolean,
): Mistake | undefined {
  for (const tool of path) {
    const parameter = tool.parameters.find(
      (one) => values.has(one) && one.options === undefined && !isNumeric(one),
    );
    if (parameter === undefined) continue;
    const right = String(values.get(parameter));
    const wrong = mistyped(right, random);
    if (wrong === right || !isReference(right)) continue;
    const error = random.pick([
      `No ${label(parameter)} ${wrong} found`,
      `${wrong} not found`,
      `Unknown ${label(parameter)}: ${wrong}`,
      `No record for ${wrong}`,
    ]);
    return { tool, parameter, wrong, both, error: { error } };
  }
  return undefined;
}

/** Dates, times, addresses and telephone numbers are not what one misreads here. */
function isReference(value: string): boolean {
  return /\d/.test(value) && !/^\d{4}-\d{2}-\d{2}$|^\d{2}:\d{2}$|@|\s|^\+/.test(value);
}
