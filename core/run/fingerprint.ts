import { UsageError } from '../errors.ts';
import { hashValue } from '../hash.ts';

/** What changes a run's content, under dotted keys that a user knows (design: A run). */
export type FingerprintParts = Record<string, unknown>;

/** The first 16 hexadecimal digits of the parts' hash. */
export function fingerprintOf(parts: FingerprintParts): string {
  return hashValue(parts).slice(0, 16);
}

/** @throws UsageError naming the keys that differ, with both values and the two ways out */
export function requireSameFingerprint(
  folder: string,
  before: FingerprintParts,
  now: FingerprintParts,
): void {
  const changed = [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .filter((key) => hashValue([before[key]]) !== hashValue([now[key]]))
    .sort();
  if (changed.length === 0) return;
  const lines = changed.map((key) => `  ${key}: ${shown(before[key])} -> ${shown(now[key])}`);
  throw new UsageError(
    [
      `${folder} was begun with other settings; what differs:`,
      ...lines,
      'Set them back to go on with this run, or begin another one with a new --run name',
      `and --reuse ${folder}, which asks again only for what these settings change.`,
    ].join('\n'),
  );
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'not set';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
