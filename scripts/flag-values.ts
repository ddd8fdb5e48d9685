import { z } from 'zod';
import { UsageError } from '../core/errors.ts';

/** What yargs knows of the flags of the command that is parsed, as it hands it to a check. */
const Known = z.object({
  array: z.array(z.string()),
  boolean: z.array(z.string()),
  number: z.array(z.string()),
});

/**
 * Refuses what yargs lets through: a flag whose value is missing (`--budget $EMPTY`), which would be as if it were not
 * there, a flag for one value that is given twice, whose value would be a list, and a number that is none.
 * @param given the words of the command line
 * @param flags what yargs read of them
 * @throws UsageError that names the flag
 */
export function checkFlagValues(
  given: readonly string[],
  flags: Readonly<Record<string, unknown>>,
  known: unknown,
): true {
  const { array, boolean, number } = Known.parse(known);
  requireValues(given, flags);
  refuseRepeated(given, flags, [...array, ...boolean]);
  for (const name of number)
    if (Number.isNaN(flags[name])) throw new UsageError(`--${name}: it must be a number`);
  return true;
}

function requireValues(given: readonly string[], flags: Readonly<Record<string, unknown>>): void {
  for (const [index, word] of given.entries()) {
    const next = given[index + 1];
    if (!/^--(?!no-)[a-z][a-z-]*$/.test(word) || (next !== undefined && !next.startsWith('--')))
      continue;
    const value = flags[word.slice(2)];
    const isMissing = value === undefined || value === '' || Number.isNaN(value);
    if (isMissing || (Array.isArray(value) && value.length === 0))
      throw new UsageError(`${word} needs a value`);
  }
}

/** `may`: lists, and switches, which say nothing new when they are given twice. */
function refuseRepeated(
  given: readonly string[],
  flags: Readonly<Record<string, unknown>>,
  may: readonly string[],
): void {
  const seen = new Set<string>();
  for (const word of given) {
    const name = /^--([a-z][\w-]*)(?:=|$)/.exec(word)?.[1];
    if (name === undefined || may.includes(name)) continue;
    if (seen.has(name))
      throw new UsageError(
        `--${name} is given more than once (${[flags[name]].flat().join(', ')}); it takes one value`,
      );
    seen.add(name);
  }
}
