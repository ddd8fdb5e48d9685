import { valueFor } from '../values.ts';
import type { Scene, Values } from './scene.ts';
import type { ToolModel } from './tool-model.ts';

/** Values for everything on a path that the user gives; one parameter name has one value. */
export function valuesOf(path: readonly ToolModel[], { random, ids }: Scene): Values {
  const byName = new Map<string, string | number | boolean>();
  const values: Values = new Map();
  for (const parameter of path.flatMap(({ parameters }) => parameters)) {
    if (parameter.source !== undefined || ids.has(parameter.name)) continue;
    const known = byName.get(parameter.name);
    if (known !== undefined) continue;
    const value = valueFor(parameter, random);
    byName.set(parameter.name, value);
    values.set(parameter, value);
  }
  return values;
}
