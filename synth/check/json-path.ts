/** A path one member deeper: `a.b`, `a[0]`, and `a["odd key"]` for what is no plain name. */
export function joinPath(base: string, key: string | number): string {
  if (typeof key === 'number') return `${base}[${key}]`;
  if (!/^[A-Za-z_$][\w$-]{0,99}$/.test(key)) return `${base}[${JSON.stringify(shorten(key, 100))}]`;
  return base === '' ? key : `${base}.${key}`;
}

/** Appends an RFC 6901 pointer (`/a/0/b~1c`) to a path; members of arrays are told by their digits. */
export function joinPointer(base: string, pointer: string): string {
  if (pointer === '') return base;
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, key) => joinPath(path, /^\d+$/.test(key) ? Number(key) : key), base);
}

/** A text on one line and at most so many characters, for a finding. */
export function shorten(text: string, length = 80): string {
  const line = text.slice(0, length * 2).replace(/\s+/g, ' ');
  const cut = line.length > length || text.length > length * 2;
  return (cut ? `${line.slice(0, length - 1)}…` : line).replace(/\p{Surrogate}/gu, '\uFFFD');
}

/** The JSON of a value for a finding; what is nested too deep to be written is told as such. */
export function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'nothing';
  } catch {
    return 'a value nested too deep';
  }
}
