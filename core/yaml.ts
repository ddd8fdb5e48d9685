import { readFile } from 'node:fs/promises';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { errorCode, errorMessage, UsageError } from './errors.ts';
import { withoutSecrets } from './secrets.ts';

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
    const { number, line } = lastLineWithText(text, problem.pos[0]);
    throw new UsageError(
      `${name}, line ${number}: ${problem.message}\n  ${withoutKeyValues(line.trim())}`,
    );
  }
  const options = { error: nameKnownKeys, reportInput: true };
  const parsed = schema.safeParse(toValue(document, name), options);
  if (parsed.success) return parsed.data;
  throw new UsageError(
    parsed.error.issues.map((issue) => describeIssue(issue, document, lines, name)).join('\n'),
  );
}

/** The line at an offset, or the one before it that is not blank: what is not closed ends at the file's end. */
function lastLineWithText(text: string, offset: number): { number: number; line: string } {
  const lines = text.split('\n');
  let number = text.slice(0, offset).split('\n').length;
  while (number > 1 && lines[number - 1]?.trim() === '') number -= 1;
  return { number, line: lines[number - 1] ?? '' };
}

/** A line to be shown, without what somebody may have pasted in as a key. */
function withoutKeyValues(line: string): string {
  return withoutSecrets(line.replace(/((key|secret|password)\w*["']?\s*:).*/i, '$1 ***'));
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
  const line =
    issue.code === 'unrecognized_keys'
      ? lineOfKey(path, issue.keys[0] ?? '', document, lines)
      : lineOf(path, document, lines);
  return `${name}, line ${line}: ${key}${issue.message}${shownValue(path, issue.input)}`;
}

/** A wrong value, unless it is a list or a map, or what stands in the place of a key. */
function shownValue(path: (string | number)[], value: unknown): string {
  const isShown = ['string', 'number', 'boolean'].includes(typeof value);
  if (!isShown || /(key|secret|password)(_env|_file)?$/i.test(String(path.at(-1)))) return '';
  return `; it is ${withoutSecrets(JSON.stringify(value))}`;
}

function lineOfKey(
  path: (string | number)[],
  key: string,
  document: Document,
  lines: LineCounter,
): number {
  const map = path.length === 0 ? document.contents : document.getIn(path, true);
  const keys = isMap(map) ? map.items.map((pair) => pair.key) : [];
  const own = keys.find((node) => isScalar(node) && String(node.value) === key);
  if (!isNode(own) || !own.range) return lineOf(path, document, lines);
  return lines.linePos(own.range[0]).line;
}

/** The line of the innermost part of the path that is in the file. */
function lineOf(path: (string | number)[], document: Document, lines: LineCounter): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
