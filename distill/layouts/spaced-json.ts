/**
 * JSON as Python's json.dumps(value, ensure_ascii=False) prints it, with a space after commas and
 * colons: the form in which chat templates print calls and tools, and so in which models learn them.
 */
export function spacedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spacedJson).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return `{${members.map(([key, member]) => `${JSON.stringify(key)}: ${spacedJson(member)}`).join(', ')}}`;
  }
  return typeof value === 'number' ? pythonNumber(value) : JSON.stringify(value ?? null);
}

/** Python turns to exponents earlier than JavaScript below 1e-4, and gives them two digits. */
function pythonNumber(value: number): string {
  if (!Number.isFinite(value)) return 'null';
  const isSmall = value !== 0 && Math.abs(value) < 1e-4;
  return (isSmall ? value.toExponential() : String(value)).replace(/e([+-])(\d)$/, 'e$10$2');
}
