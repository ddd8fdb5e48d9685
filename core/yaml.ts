import { readFile } from 'node:fs/promises';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { errorCode, errorMessage, UsageError } from './errors.ts';

/**
 * Reads a YAML file and checks it against a schema; nothing in it is run.
 * @throws UsageError naming the file, the line and the key, for bad syntax as for wrong values
 */
export async function readYaml<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> {
  return parseYaml(await readText(path), schema, path);
}

/** As readYaml, for text already in hand; `name` stands for the file in messages. */
export function parseYaml<S extends z.ZodType>(text: string, schema: S, name: string): z.output<S> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problem = document.errors[0];
  if (problem !== undefined) {
    throw new UsageError(`${name}, line ${lines.linePos(problem.pos[0]).line}: ${problem.message}`);
  }
  const parsed = schema.safeParse(toValue(document, name), { error: nameKnownKeys });
  if (parsed.success) return parsed.data;
  throw new UsageError(
    parsed.error.issues.map((issue) => describeIssue(issue, document, lines, name)).join('\n'),
  );
}

/** For a key that is not known, the keys that are. */
function nameKnownKeys(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'unrecognized_keys' || !(issue.inst instanceof z.ZodObject)) return undefined;
  const unknown = issue.keys.map((key) => JSON.stringify(key)).join(', ');
  return `unknown key ${unknown}; known are ${Object.keys(issue.inst.shape).join(', ')}`;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') throw new UsageError(`${path}: there is no such file`);
    if (errorCode(error) === 'EISDIR')
      throw new UsageError(`${path} is a folder; name a YAML file`);
    throw error;
  }
}

/** An alias bomb is refused by the library's own bound. */
function toValue(document: Document, name: string): unknown {
  try {
    return document.toJS() ?? {};
  } catch (error) {
    throw new UsageError(`${name}: ${errorMessage(error)}`);
  }
}

function describeIssue(
  issue: z.core.$ZodIssue,
  document: Document,
  lines: LineCounter,
  name: string,
): string {
  const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
  const key = path.length === 0 ? '' : `${path.join('.')}: `;
  return `${name}, line ${lineOf(path, document, lines)}: ${key}${issue.message}`;
}

/** The line of the innermost part of the path that is in the file. */
function lineOf(path: (string | number)[], document: Document, lines: LineCounter): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
