import type { ToolCall, ToolDefinition } from '../../../core/conversation.ts';
import type { Constraint } from '../../../core/workflow.ts';
import { modelTools, type ParameterModel } from '../dialogue/tool-model.ts';
import type { Known } from './known.ts';

export interface CallMending {
  tools: ToolDefinition[];
  constraints: readonly Constraint[];
  known: Known;
  /** What the call returned, which may repeat an argument as it was meant. */
  result: Record<string, unknown>;
}

/** A call with a tool that exists, all its arguments, in their types, from known values; and which values became which. */
export function mendCall(
  call: ToolCall,
  mending: CallMending,
): { mended: ToolCall; changed: ReadonlyMap<unknown, unknown> } {
  const { tools, constraints } = mending;
  const name = nearestTool(call.function.name, tools);
  const model = modelTools(tools, constraints).find((tool) => tool.name === name);
  const before = argumentsOf(call);
  const after = { ...before };
  const changed = new Map<unknown, unknown>();
  for (const parameter of model?.parameters ?? []) {
    const old = before[parameter.name];
    const value = mendValue(old, parameter, mending);
    if (value === undefined || value === old) continue;
    after[parameter.name] = value;
    if (old !== undefined) changed.set(old, value);
  }
  const mended = { ...call, function: { name, arguments: JSON.stringify(after) } };
  return { mended, changed };
}

function argumentsOf(call: ToolCall): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(call.function.arguments);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** The tool of that name, else the one that shares most words with it. */
function nearestTool(name: string, tools: readonly ToolDefinition[]): string {
  const names = tools.map((tool) => tool.function.name);
  if (names.includes(name)) return name;
  const words = new Set(name.split('_'));
  const shared = (one: string) => one.split('_').filter((word) => words.has(word)).length;
  return [...names].sort((a, b) => shared(b) - shared(a))[0] ?? name;
}

/** The value in its type where it is known and allowed, else one that is. */
function mendValue(old: unknown, parameter: ParameterModel, mending: CallMending): unknown {
  const { known, result } = mending;
  const fits = (value: unknown) => known.has(value) && isAllowed(value, parameter);
  const cast = castTo(parameter.type, old);
  if (cast !== undefined && fits(cast)) return cast;
  const isNumber = parameter.type === 'number' || parameter.type === 'integer';
  const candidates = [
    result[parameter.name],
    ...known.valuesOf(parameter.name),
    ...(isNumber ? known.userNumbers() : []),
  ].map((value) => castTo(parameter.type, value));
  return candidates.find((value) => value !== undefined && fits(value)) ?? cast;
}

function castTo(type: string, value: unknown): unknown {
  const one: unknown = Array.isArray(value) && type !== 'array' ? value[0] : value;
  if (type === 'string') return typeof one === 'number' ? String(one) : one;
  if (type !== 'number' && type !== 'integer') return one;
  const number = typeof one === 'string' && one.trim() !== '' ? Number(one) : one;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function isAllowed(value: unknown, { low, high }: ParameterModel): boolean {
  if (typeof value !== 'number') return true;
  return value >= (low ?? value) && value <= (high ?? value);
}
