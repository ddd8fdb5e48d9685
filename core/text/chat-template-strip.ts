const NAME = 'gem_traj_strip';
const METHODS = ['strip', 'lstrip', 'rstrip'];

/** The variable that a program changed by `usePythonStrips` needs. */
export const STRIP_VARIABLES = { [NAME]: pythonStrip };

/**
 * Makes a parsed template strip as Python does. The Jinja library passes over the argument of `strip('\n')`
 * and its like, and takes another set of blanks without one: each such call, and the filter `trim`,
 * becomes a call of `pythonStrip`, in place.
 */
export function usePythonStrips(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  for (const part of Array.isArray(node) ? node : Object.values(node)) usePythonStrips(part);
  const call = stripCall(node) ?? trimFilter(node);
  if (call === null) return;
  const method = { type: 'StringLiteral', value: call.method };
  Object.assign(node, {
    type: 'CallExpression',
    callee: { type: 'Identifier', value: NAME },
    args: [method, call.object, ...call.args],
  });
}

/** As Python's str.strip, str.lstrip or str.rstrip: without characters to strip, what Python calls blank. */
export function pythonStrip(method: string, text: unknown, characters?: string | null): string {
  if (typeof text !== 'string') throw new TypeError(`${method} needs a text, not ${String(text)}`);
  const stripped = characters == null ? PYTHON_BLANKS : new Set(characters);
  let start = 0;
  let end = text.length;
  if (method !== 'rstrip')
    for (let first = firstOf(text, start); stripped.has(first); first = firstOf(text, start))
      start += first.length;
  if (method !== 'lstrip')
    for (let last = lastOf(text, start, end); stripped.has(last); last = lastOf(text, start, end))
      end -= last.length;
  return text.slice(start, end);
}

/** The character at an offset; empty behind the text. */
function firstOf(text: string, at: number): string {
  const point = text.codePointAt(at);
  return point === undefined ? '' : String.fromCodePoint(point);
}

/** The last character of a part of a text; empty for an empty part. */
function lastOf(text: string, start: number, end: number): string {
  if (end <= start) return '';
  const pair = text.slice(Math.max(start, end - 2), end);
  return (pair.codePointAt(0) ?? 0) > 0xffff ? pair : pair.slice(-1);
}

const PYTHON_BLANKS: ReadonlySet<string> = new Set(
  '\t\n\v\f\r\u001c\u001d\u001e\u001f \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006' +
    '\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000',
);

interface StripCall {
  method: string;
  object: unknown;
  args: unknown[];
}

function stripCall(node: object): StripCall | null {
  if (!isA(node, 'CallExpression') || !isA(node.callee, 'MemberExpression')) return null;
  const { object, property } = node.callee;
  if (!isA(property, 'Identifier') || !METHODS.includes(String(property.value))) return null;
  return {
    method: String(property.value),
    object,
    args: Array.isArray(node.args) ? node.args : [],
  };
}

function trimFilter(node: object): StripCall | null {
  if (!isA(node, 'FilterExpression') || !isA(node.filter, 'Identifier')) return null;
  if (node.filter.value !== 'trim') return null;
  return { method: 'strip', object: node.operand, args: [] };
}

/** A node of the library's syntax tree, whose classes it does not export. */
function isA(node: unknown, type: string): node is Record<string, unknown> {
  return typeof node === 'object' && node !== null && 'type' in node && node.type === type;
}
