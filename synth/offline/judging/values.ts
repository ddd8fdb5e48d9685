/** The scalars of a JSON value with their paths. */
export function scalarsOf(
  value: unknown,
  path = '',
): { path: string; value: string | number | boolean }[] {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return [{ path, value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    scalarsOf(member, path === '' ? key : `${path}.${key}`),
  );
}

/** The object that a JSON text holds; undefined for anything else. */
export function objectIn(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? { ...value }
      : undefined;
  } catch {
    return undefined;
  }
}
