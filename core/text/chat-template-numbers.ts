/** A value in which some numbers stand as marked strings, and what undoes that in a text that shows them. */
export interface MarkedNumbers<Value> {
  value: Value;
  restore(text: string): string;
}

const MARK = '\uFDD3';

/**
 * Python writes a number below 0.0001 with an exponent of two digits (1e-05), JavaScript otherwise; the
 * Jinja library's `tojson` has JavaScript's. Such numbers become strings for it, and numbers again in what it
 * wrote. A value without one comes back as it is.
 */
export function pythonNumbers<Value>(value: Value): MarkedNumbers<Value> {
  if (!holdsSmall(value)) return { value, restore: (rendered) => rendered };
  const text = JSON.stringify(value, (_key, member: unknown) =>
    isSmall(member) ? `${MARK}${pythonForm(member)}${MARK}` : member,
  );
  const pattern = new RegExp(`"${MARK}(-?[\\d.]+e-\\d+)${MARK}"`, 'g');
  return { value: JSON.parse(text), restore: (rendered) => rendered.replace(pattern, '$1') };
}

function isSmall(value: unknown): value is number {
  return typeof value === 'number' && value !== 0 && Math.abs(value) < 1e-4;
}

function holdsSmall(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return isSmall(value);
  return Object.values(value).some(holdsSmall);
}

function pythonForm(small: number): string {
  return small.toExponential().replace(/e-(\d)$/, 'e-0$1');
}
