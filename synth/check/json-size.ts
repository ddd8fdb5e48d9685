/** Most levels and values of JSON that a check looks into; what is beyond ends in a finding. */
const MAX_DEPTH = 64;
const MAX_VALUES = 20_000;

/** Says why a JSON value is too big to be looked into; null when it is not. Never recurses. */
export function tooBig(value: unknown): string | null {
  const values: unknown[] = [value];
  const depths: number[] = [1];
  for (let seen = 0; values.length > 0; seen += 1) {
    const current = values.pop();
    const depth = depths.pop() ?? 1;
    if (seen > MAX_VALUES) return `it holds more than ${MAX_VALUES} values`;
    if (typeof current !== 'object' || current === null) continue;
    if (depth > MAX_DEPTH) return `it is nested deeper than ${MAX_DEPTH} levels`;
    const members: unknown[] = Array.isArray(current) ? current : Object.values(current);
    if (members.length > MAX_VALUES) return `it holds more than ${MAX_VALUES} values`;
    for (const member of members) {
      values.push(member);
      depths.push(depth + 1);
    }
  }
  return null;
}
