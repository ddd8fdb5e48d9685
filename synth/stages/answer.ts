import { jsonrepair } from 'jsonrepair';
import type { z } from 'zod';
import { errorMessage } from '../../core/errors.ts';
import { fail, type Parsed } from './stage.ts';

/**
 * The JSON value of an answer: code fences and chatter around it are taken off, small syntax slips repaired and
 * reported. An answer that was cut before its last bracket is a problem, never completed by guessing.
 */
export function parseJsonAnswer(text: string): Parsed<unknown> {
  const repairs: string[] = [];
  const body = jsonBody(text, repairs);
  if (body === undefined)
    return fail(`the answer holds no JSON: it begins ${JSON.stringify(text.slice(0, 60))}`);
  try {
    return { ok: true, value: JSON.parse(body), repairs };
  } catch (error) {
    if (isCut(body)) return fail('the JSON is cut before its end');
    return repaired(body, errorMessage(error), repairs);
  }
}

/** The values of a block that holds one JSON value a line, or one JSON array; empty text is no value. */
export function parseJsonLines(text: string): Parsed<unknown[]> {
  const body = text.trim();
  if (body === '') return { ok: true, value: [], repairs: [] };
  if (!body.startsWith('[')) {
    const values = lineValues(body);
    if (values !== undefined) return { ok: true, value: values, repairs: [] };
  }
  const json = parseJsonAnswer(body);
  if (!json.ok) return json;
  return { ...json, value: Array.isArray(json.value) ? json.value : [json.value] };
}

/** A zod error as one line a model can act on: each problem with its path. */
export function problemsOf(error: z.ZodError): string {
  const lines = error.issues.slice(0, 5).map((issue) => {
    const path = issue.path.map(String).join('.');
    return path === '' ? issue.message : `${path}: ${issue.message}`;
  });
  return lines.join('; ');
}

function lineValues(body: string): unknown[] | undefined {
  try {
    return body
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line): unknown => JSON.parse(line));
  } catch {
    return undefined;
  }
}

function jsonBody(text: string, repairs: string[]): string | undefined {
  const start = text.search(/[[{]/);
  if (start === -1) return undefined;
  const end = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']'));
  const rest = text
    .slice(end + 1)
    .replace(/```/g, '')
    .trim();
  const body = (
    end > start && isChatter(rest) ? text.slice(start, end + 1) : text.slice(start)
  ).trim();
  if (body.length < text.trim().length) repairs.push('text around the JSON was taken off');
  return body;
}

/** What follows the last bracket is chatter unless it goes on with JSON: then the answer was cut. */
const isChatter = (rest: string): boolean => !/^[,:"]/.test(rest);

/** Whether a string or a bracket is still open where the text ends. */
function isCut(body: string): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < body.length; at += 1) {
    const char = body[at];
    if (inString) {
      if (char === '\\') at += 1;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') depth -= 1;
  }
  return inString || depth > 0;
}

function repaired(body: string, problem: string, repairs: string[]): Parsed<unknown> {
  try {
    return {
      ok: true,
      value: JSON.parse(jsonrepair(body)),
      repairs: [...repairs, `JSON repaired (${problem})`],
    };
  } catch {
    return fail(`the JSON is malformed: ${problem}`);
  }
}
