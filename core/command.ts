import type { ArgumentsCamelCase, Argv, CommandModule } from 'yargs';
import type { z } from 'zod';
import { UsageError } from './errors.ts';

/** A command of the command line; its flags' types follow from its builder. */
export function defineCommand<Flags>(command: {
  command: string;
  describe: string;
  builder: (yargs: Argv) => Argv<Flags>;
  handler: (flags: ArgumentsCamelCase<Flags>) => Promise<void>;
}): CommandModule<object, Flags> {
  return command;
}

/** The flags that a builder gives a handler. */
export type FlagsOf<Builder> = Builder extends (...yargs: never[]) => Argv<infer Flags>
  ? ArgumentsCamelCase<Flags>
  : never;

/** The value of a flag that no configuration has. @throws UsageError with the value and what is allowed */
export function flagValue(flag: string, allowed: z.ZodNumber, value: number): number {
  const parsed = allowed.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UsageError(`--${flag} ${value}: ${parsed.error.issues[0]?.message}`);
}
