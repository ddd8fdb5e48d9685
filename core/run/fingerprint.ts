import { UsageError } from '../errors.ts';
import { hashValue } from '../hash.ts';

/** What changes a run's content, under dotted keys that a user knows (design: A run). */
export type FingerprintParts = Record<string, unknown>;

/** The first 16 hexadecimal digits of the parts' hash. */
export function fingerprintOf(parts: FingerprintParts): string {
  return hashValue(parts).slice(0, 16);
}

/**
 * @param wayOut what the user can do, as lines; that of `synth` unless given
 * @param what the message's first words
 * @throws UsageError naming the keys that differ, with both values and the two ways out
 */
export function requireSameFingerprint(
  folder: string,
  before: FingerprintParts,
  now: FingerprintParts,
  wayOut: readonly string[] = newRun(folder),
  what = `${folder} was begun with other settings`,
): void {
  const [old, own] = [new Map(leavesOf(before)), new Map(leavesOf(now))];
  const changed = [...new Set([...old.keys(), ...own.keys()])]
    .filter((key) => hashValue([old.get(key)]) !== hashValue([own.get(key)]))
    .sort();
  if (changed.length === 0) return;
  const has = (parts: ReadonlyMap<string, unknown>, stage: string) =>
    [...parts.keys()].some((key) => key.startsWith(`stages.${stage}.`));
  const switches = changed
    .filter((key) => has(old, key) !== has(own, key))
    .map((key) => `stages.${key}.`);
  const lines = changed
    // A stage that was switched on or off brings or takes all its settings.
    .filter((key) => !switches.some((stage) => key.startsWith(stage)))
    .map((key) => `  ${key}: ${shown(old.get(key))} -> ${shown(own.get(key))}`);
  throw new UsageError([`${what}; what differs:`, ...lines, ...wayOut].join('\n'));
}

function newRun(folder: string): string[] {
  return [
    'Set them back to go on with this run, or begin another one with a new --run name',
    `and --reuse ${folder}, which asks again only for what these settings change.`,
  ];
}

/** The settings inside of settings under their own dotted keys, so that what differs stands alone. */
function leavesOf(parts: FingerprintParts, prefix = ''): [string, unknown][] {
  return Object.entries(parts).flatMap(([key, value]): [string, unknown][] => {
    const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isGroup ? leavesOf({ ...value }, `${prefix}${key}.`) : [[`${prefix}${key}`, value]];
  });
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'not set';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
