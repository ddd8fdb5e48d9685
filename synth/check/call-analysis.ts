import { errorMessage } from '../../core/errors.ts';
import { isObject } from '../../core/formats/arguments.ts';
import { shorten } from './json-path.ts';
import { tooBig } from './json-size.ts';
import type { Problem, Row, RowCall, RowTool } from './row.ts';
import { below } from './tool-analysis.ts';
import type { Violation } from './violations.ts';

const MAX_TEXT = 256 * 1024;

/** Holds every call against the tool it names. */
export function callProblems(row: Pick<Row, 'calls' | 'toolsByName'>): Problem[] {
  return row.calls.flatMap((call) => {
    const tool = row.toolsByName.get(call.name);
    const unknown = tool === undefined && call.name !== '' ? [unknownTool(row.toolsByName)] : [];
    return [...unknown, ...argumentProblems(call, tool)].map(({ code, path, text }) => ({
      code,
      message_index: call.message,
      path: below(call.path, path),
      text: `${shorten(call.name, 64)}: ${text}`,
    }));
  });
}

function unknownTool(tools: ReadonlyMap<string, RowTool>): Violation {
  const names = shorten([...tools.keys()].join(', '), 200);
  const text = `no tool has this name; there are ${names === '' ? 'none' : names}`;
  return { code: 'unknown_tool', path: 'function.name', text };
}

function argumentProblems({ text }: RowCall, tool: RowTool | undefined): Violation[] {
  const read = readArguments(text);
  const path = 'function.arguments';
  if ('code' in read) return [{ ...read, path }];
  if (tool === undefined) return [];
  // The schema's own problem is reported with the tool.
  const violations =
    tool.schema.validate === null ? [] : validate(tool.schema.validate, read.value);
  const seen = new Set<string>();
  return violations
    .filter(({ code, path: at }) => !seen.has(`${code} ${at}`) && seen.add(`${code} ${at}`))
    .map((violation) => ({ ...violation, path: below(path, violation.path) }));
}

/** A schema that cannot be compiled after all is no fault of the call, yet the call is unproven. */
function validate(
  validator: (value: Record<string, unknown>) => Violation[],
  value: Record<string, unknown>,
): Violation[] {
  try {
    return validator(value);
  } catch (error) {
    const text = `the arguments could not be held against the schema: ${shorten(errorMessage(error), 200)}`;
    return [{ code: 'args_not_checked', path: '', text }];
  }
}

function readArguments(
  text: string,
): { value: Record<string, unknown> } | { code: string; text: string } {
  if (text.length > MAX_TEXT) {
    const size = `the arguments are ${text.length} characters long, more than ${MAX_TEXT}`;
    return { code: 'args_not_checked', text: size };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = shorten(errorMessage(error), 160);
    return {
      code: 'args_not_json',
      text: `the arguments are no JSON (${reason}): ${shorten(text)}`,
    };
  }
  const big = tooBig(value);
  if (big !== null)
    return { code: 'args_not_checked', text: `the arguments cannot be checked: ${big}` };
  if (isObject(value)) return { value };
  return { code: 'args_not_object', text: `the arguments are ${shorten(text)}, not an object` };
}
