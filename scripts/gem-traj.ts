#!/usr/bin/env node
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { describeError, UsageError } from '../core/errors.ts';
import { packageVersion } from '../core/package-root.ts';
import { withoutSecrets } from '../core/secrets.ts';
import { addCommands } from './commands.ts';
import { checkFlagValues } from './flag-values.ts';

const args = withStandardInput(hideBin(process.argv));

// What nobody awaits: Node's own report would print all that an error carries, keys perhaps among it.
process.on('uncaughtException', (error: unknown) => {
  const isCrash = error instanceof Error && !(error instanceof UsageError);
  const trace = isCrash ? withoutSecrets(`${error.stack}\n`) : '';
  process.stderr.write(`gem-traj: ${describeError(error)}\n${trace}`);
  process.exit(1);
});

try {
  const parser = yargs(args)
    .scriptName('gem-traj')
    .version(packageVersion())
    .usage('$0 <command>: text in, checked multi-turn tool-use trajectories out')
    .demandCommand(1, 'name a command')
    .check((flags, known) => checkFlagValues(args, flags, known))
    .recommendCommands()
    .strict()
    .parserConfiguration({ 'greedy-arrays': true })
    .wrap(Math.min(110, process.stdout.columns ?? 100))
    .fail((message, error) => {
      if (error) throw error;
      throw new UsageError(`${message}; --help lists what there is`);
    });
  await addCommands(parser, args[0]);
  await parser.parseAsync();
} catch (error) {
  process.stderr.write(`gem-traj: ${describeError(error)}\n`);
  process.exitCode = 1;
}

/** A lone `-` is the standard input, as everywhere; yargs would take it for an argument without a name. */
function withStandardInput(given: readonly string[]): string[] {
  const whole: string[] = [];
  for (const arg of given) {
    if (arg !== '-') whole.push(arg);
    else if (whole.at(-1) === '--input') whole.splice(-1, 1, '--input=-');
    else whole.push('--input=-');
  }
  return whole;
}
