import { jsonrepair } from 'jsonrepair';
import { ToolDefinition } from '../conversation.ts';
import { exactObject, hasRoundedNumber, isObject, withoutStrings } from './arguments.ts';
import { excerpt, type Repair, TaggedProblem } from './tagged-repair.ts';

/** A call before it has an id; `arguments` is a JSON string. */
export interface RawCall {
  name: string;
  arguments: string;
}

/**
 * The calls in a func block (one; several when a list was written). `closed` says whether the block
 * had its closing tag: without it, JSON that is not whole was cut off and is never completed.
 */
export function readCalls(body: string, closed: boolean, repairs: Repair[]): RawCall[] {
  const value = readJson(body, closed, 'func', repairs);
  if (!Array.isArray(value)) return [readCall(value, repairs)];
  if (value.length === 0) throw new TaggedProblem('a func block holds an empty list');
  repairs.push({ code: 'call_shape', text: `a func block held a list of ${value.length} calls` });
  return value.map((call) => readCall(call, repairs));
}

/** The definitions in a toolsets block; throws a TaggedProblem when they are not tool definitions. */
export function readTools(body: string, closed: boolean, repairs: Repair[]): ToolDefinition[] {
  const value = readJson(body, closed, 'toolsets', repairs);
  if (Array.isArray(value)) return value.map((tool) => readTool(tool, repairs));
  repairs.push({ code: 'toolsets_shape', text: 'the toolsets block held no list' });
  return [readTool(value, repairs)];
}

/**
 * Tool definitions in the {type, function} wrapper, whichever way a model gave them. Checks nothing:
 * parse with ToolDefinition what comes out.
 */
export function normaliseTools(values: readonly unknown[]): unknown[] {
  return values.map((value) => wrappedTool(value, []));
}

/** Whether a text is one whole JSON value. */
export function isWholeJson(text: string): boolean {
  try {
    JSON.parse(withoutFence(text));
    return true;
  } catch {
    return false;
  }
}

function readCall(value: unknown, repairs: Repair[]): RawCall {
  const call = isObject(value) && isObject(value.function) ? value.function : value;
  if (!isObject(call) || typeof call.name !== 'string') {
    throw new TaggedProblem(`a func block holds no call with a name: ${excerpt(show(value))}`);
  }
  const { name, arguments: written, parameters, ...others } = call;
  const shape = (text: string) => repairs.push({ code: 'call_shape', text: `${name}: ${text}` });
  if (call !== value) shape('"function" wrapper removed');
  const unknown = Object.keys(others);
  if (unknown.length > 0) shape(`unknown members left out: ${unknown.join(', ')}`);
  if (written === undefined && parameters !== undefined) shape('"parameters" read as "arguments"');
  const given = written ?? parameters ?? undefined;
  if (given === undefined) shape('a call without arguments given {}');
  return { name, arguments: argumentsText(given, () => shape('arguments given as a string')) };
}

function argumentsText(given: unknown, onString: () => void): string {
  if (typeof given !== 'string') return JSON.stringify(given ?? {});
  const object = exactObject(given);
  if (object === undefined) return given;
  onString();
  return JSON.stringify(object);
}

function readTool(value: unknown, repairs: Repair[]): ToolDefinition {
  const tool = ToolDefinition.safeParse(wrappedTool(value, repairs));
  if (tool.success) return tool.data;
  const where = tool.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new TaggedProblem(
    `a tool definition cannot be used (${where.join('; ')}): ${excerpt(show(value))}`,
  );
}

/** A definition in the {type, function} wrapper, however it was given; what is none stays as it is. */
function wrappedTool(value: unknown, repairs: Repair[]): unknown {
  const definition = isObject(value) && isObject(value.function) ? value.function : value;
  if (!isObject(value) || !isObject(definition)) return value;
  const { name, description, parameters, input_schema, inputSchema, ...others } = definition;
  const shape = (text: string) =>
    repairs.push({ code: 'tool_shape', text: `${excerpt(show(name))}: ${text}` });
  const { type, function: _definition, ...outside } = value;
  const isWrapped = definition !== value;
  if (!isWrapped || type !== 'function') shape('given the {"type", "function"} wrapper');
  const unknown = [...Object.keys(others), ...(isWrapped ? Object.keys(outside) : [])];
  const dropped = unknown.filter((key) => isWrapped || key !== 'type');
  if (dropped.length > 0) shape(`unknown members left out: ${dropped.join(', ')}`);
  const schema = parameters ?? input_schema ?? inputSchema;
  if (schema !== parameters) shape('its input schema read as "parameters"');
  const members = { name, description: description ?? undefined, parameters: schema ?? undefined };
  return { type: 'function', function: JSON.parse(JSON.stringify(members)) };
}

function readJson(body: string, closed: boolean, tag: string, repairs: Repair[]): unknown {
  const bare = withoutFence(body);
  if (bare !== body.trim())
    repairs.push({ code: 'code_fence', text: `around the JSON of a ${tag} block` });
  try {
    const value: unknown = JSON.parse(bare);
    if (hasRoundedNumber(bare)) {
      repairs.push({ code: 'rounded_number', text: `in a ${tag} block: ${excerpt(bare)}` });
    }
    return value;
  } catch (cause) {
    if (!closed || isCutOff(bare)) {
      throw new TaggedProblem(`the JSON of a ${tag} block is cut off: ${excerpt(bare)}`, { cause });
    }
  }
  const value = repairJson(bare, tag);
  repairs.push({ code: 'json', text: `in a ${tag} block: ${excerpt(bare)}` });
  return value;
}

// jsonrepair looks ahead over the rest of the text from every quote that is out of place: this many
// characters in all take it about half a second.
const MOST_LOOK_AHEAD = 5_000_000;
const MISPLACED_QUOTE = /(?<![[{(,:]\s*)(?:""|['`´‘’“”])(?!\s*(?:[,:}\])]|$))/g;

function repairJson(text: string, tag: string): unknown {
  const misplaced = withoutStrings(text).text.match(MISPLACED_QUOTE)?.length ?? 0;
  if (misplaced * text.length > MOST_LOOK_AHEAD) {
    throw new TaggedProblem(
      `the JSON of a ${tag} block has ${misplaced} quotes out of place: ${excerpt(text)}`,
    );
  }
  try {
    return JSON.parse(jsonrepair(text));
  } catch (cause) {
    throw new TaggedProblem(`the JSON of a ${tag} block cannot be read: ${excerpt(text)}`, {
      cause,
    });
  }
}

/** Whether a JSON text ends inside a string or where a value must follow: completing it would be guessing. */
function isCutOff(text: string): boolean {
  const { text: outside, endsInString } = withoutStrings(text);
  return endsInString || /(?:^|[:,{[])$/.test(outside.trimEnd().slice(-1));
}

function withoutFence(body: string): string {
  const text = body.trim();
  if (!text.startsWith('```') || !text.endsWith('```')) return text;
  const firstLine = text.indexOf('\n');
  return firstLine < 0 ? text : text.slice(firstLine + 1, -3).trim();
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
