#!/usr/bin/env node
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { describeError, UsageError } from '../core/errors.ts';
import { packageVersion } from '../core/package-root.ts';
import { addCommands } from './commands.ts';

const args = withStandardInput(hideBin(process.argv));

try {
  const parser = yargs(args)
    .scriptName('gem-traj')
    .version(packageVersion())
    .usage('$0 <command>: text in, checked multi-turn tool-use trajectories out')
    .demandCommand(1, 'name a command')
    .check((flags) => requireValues(args, flags))
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

/** A flag whose value is missing (`--budget $EMPTY`) must not be as if it were not there. */
function requireValues(given: readonly string[], flags: Record<string, unknown>): true {
  for (const [index, arg] of given.entries()) {
    const next = given[index + 1];
    if (!/^--(?!no-)[a-z][a-z-]*$/.test(arg) || (next !== undefined && !next.startsWith('--')))
      continue;
    const value = flags[arg.slice(2)];
    const isMissing = value === undefined || value === '' || Number.isNaN(value);
    if (isMissing || (Array.isArray(value) && value.length === 0))
      throw new UsageError(`${arg} needs a value`);
  }
  return true;
}
