import type { ArgumentsCamelCase, Argv, CommandModule } from 'yargs';

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
