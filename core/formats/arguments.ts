/** The object that a JSON text holds; undefined when it holds none, or a number that would be rounded. */
export function exactObject(text: string): Record<string, unknown> | undefined {
  const value = jsonOrUndefined(text);
  return isObject(value) && !hasRoundedNumber(text) ? value : undefined;
}

/** Whether a value is an object in JSON's sense: neither null nor an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a JSON text holds an integer beyond 2^53 that changes when it is read, or a number beyond 1e308. */
export function hasRoundedNumber(json: string): boolean {
  if (!/\d{16}|[eE]\+?\d{3}/.test(json)) return false;
  for (const [digits] of withoutStrings(json).text.matchAll(/-?\d[\d.eE+-]*/g)) {
    if (!Number.isFinite(Number(digits))) return true;
    if (/^-?\d{16,}$/.test(digits) && BigInt(digits) !== BigInt(Number(digits))) return true;
  }
  return false;
}

/** A JSON text with its strings emptied, and whether it ends inside of one. */
export function withoutStrings(json: string): { text: string; endsInString: boolean } {
  const parts: string[] = [];
  let at = 0;
  for (let open = json.indexOf('"'); open >= 0; open = json.indexOf('"', at)) {
    parts.push(json.slice(at, open), '""');
    at = endOfString(json, open + 1);
    if (at > json.length) return { text: parts.join(''), endsInString: true };
  }
  return { text: parts.join('') + json.slice(at), endsInString: false };
}

/** The offset after a string's closing quote; beyond the text's length when there is none. */
function endOfString(json: string, from: number): number {
  let at = from;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at >= json.length ? json.length + 1 : at + 1;
}

/** A JSON text's value, or undefined for what is no JSON. */
export function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
